using System.Text.RegularExpressions;

namespace Engine.Host.Recording;

/// <summary>
/// What secrets and identities look like. The group <c>s</c> is the part to hide; what stands before it stays, so that a reader
/// still sees which kind of thing was there. A shape begins where a word does, also after a JSON escape like <c>\n</c>.
/// </summary>
internal static partial class KeyShapes
{
    private const string Start = @"(?<=^|[^A-Za-z0-9_\-]|\\[nrtbf]|\\u[0-9A-Fa-f]{4})";
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;
    private const int TimeoutMs = 10_000;

    /// <summary>Hidden behind asterisks.</summary>
    internal static IReadOnlyList<Regex> Secrets { get; } =
        [OpenAiOrAnthropicKey(), GoogleKey(), BearerToken(), VendorKey(), AwsKey(), JsonWebToken(), PrivateKey()];

    /// <summary>Hidden behind letters X.</summary>
    internal static IReadOnlyList<Regex> Identities { get; } = [OpenAiIdentity(), AnthropicOrganization()];

    /// <summary>In paths and error bodies only: in a prompt it would hide the user's own file names.</summary>
    [GeneratedRegex(@"projects/(?<s>[A-Za-z0-9\-]{4,})", Options, TimeoutMs)]
    internal static partial Regex GoogleProject();

    [GeneratedRegex(Start + @"sk-(?<s>[A-Za-z0-9_\-]{12,})", Options, TimeoutMs)]
    private static partial Regex OpenAiOrAnthropicKey();

    [GeneratedRegex(Start + @"(AIza(?<s>[A-Za-z0-9_\-]{30,})|ya29\.(?<s>[A-Za-z0-9_.\-]{10,})|1//0(?<s>[A-Za-z0-9_\-]{20,})|AQ\.A(?<s>[A-Za-z0-9_\-]{20,}))", Options, TimeoutMs)]
    private static partial Regex GoogleKey();

    [GeneratedRegex(@"[Bb]earer\s+(?<s>[A-Za-z0-9._~+/\-]{12,}=*)", Options, TimeoutMs)]
    private static partial Regex BearerToken();

    [GeneratedRegex(Start + @"(gsk_|hf_|xai-|gh[pousr]_|github_pat_|glpat-|r8_|pplx-|nvapi-|GOCSPX-|xox[abeprs]-)(?<s>[A-Za-z0-9_\-]{16,})", Options, TimeoutMs)]
    private static partial Regex VendorKey();

    [GeneratedRegex(Start + @"(AKIA|ASIA)(?<s>[A-Z0-9]{16})(?![A-Za-z0-9+/=])", Options, TimeoutMs)]
    private static partial Regex AwsKey();

    [GeneratedRegex(Start + @"(?<s>eyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]*)", Options, TimeoutMs)]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"(?<s>-----BEGIN [A-Z ]*PRIVATE KEY[^""]{0,20000}?(-----END [A-Z ]*PRIVATE KEY-----|(?="")|$))", Options, TimeoutMs)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(Start + @"(org-(?<s>[A-Za-z0-9]{20,})|proj_(?<s>[A-Za-z0-9]{16,})|user[\-_](?<s>[A-Za-z0-9]{20,}))", Options, TimeoutMs)]
    private static partial Regex OpenAiIdentity();

    [GeneratedRegex(@"organization[^""]{0,40}?(?<s>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", Options, TimeoutMs)]
    private static partial Regex AnthropicOrganization();
}
