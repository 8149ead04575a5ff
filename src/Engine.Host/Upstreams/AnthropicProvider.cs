using Engine.Wire.Anthropic;
using Engine.Wire.Dialects;

namespace Engine.Host.Upstreams;

/// <summary>Anthropic: key or OAuth token, version pin, betas (wire/anthropic-messages.md §1).</summary>
internal sealed class AnthropicProvider : IUpstreamProvider
{
    private const string PinnedVersion = "2023-06-01";
    private const string OAuthBeta = "oauth-2025-04-20";

    public IUpstreamDialect DialectFor(IClientDialect client) => AnthropicDialect.Instance;

    public void AddHeaders(List<KeyValuePair<string, string>> headers, IAccountCredential credential, Func<string, string?>? clientHeader)
    {
        var betas = clientHeader?.Invoke("anthropic-beta") ?? "";
        if (credential.Current?.Reveal() is { } key)
        {
            // OAuth tokens are refused as x-api-key and need their beta.
            if (credential.IsToken || key.StartsWith("sk-ant-oat", StringComparison.Ordinal))
            {
                headers.Add(new("authorization", "Bearer " + key));
                betas = betas.Contains(OAuthBeta, StringComparison.Ordinal) ? betas : betas.Length == 0 ? OAuthBeta : betas + "," + OAuthBeta;
            }
            else
            {
                headers.Add(new("x-api-key", key));
            }
        }

        headers.Add(new("anthropic-version", clientHeader?.Invoke("anthropic-version") ?? PinnedVersion));
        if (betas.Length > 0)
        {
            headers.Add(new("anthropic-beta", betas));
        }
    }
}
