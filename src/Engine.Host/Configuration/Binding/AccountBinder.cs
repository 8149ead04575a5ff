using System.Collections.Immutable;
using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary>
/// The <c>accounts</c> of an upstream. One that was given a secret which is not set is skipped; one that was given none at
/// all is for a server that asks for none.
/// </summary>
internal static class AccountBinder
{
    // Headers that frame the message: one of these from the configuration would break it.
    private static readonly string[] Framing = ["Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "TE", "Trailer"];

    /// <summary>The accounts that can be used.</summary>
    /// <param name="name">The upstream's.</param>
    /// <param name="dialect">Some need no account in the configuration.</param>
    /// <param name="upstream">The upstream's section.</param>
    /// <param name="lack">Why the upstream cannot serve; null when it can.</param>
    public static ImmutableArray<AccountOptions> Bind(string name, UpstreamDialect dialect, SectionReader upstream, out string? lack)
    {
        lack = null;
        var items = upstream.List("accounts") ?? [];
        if (items.Count == 0)
        {
            // Local servers ask for no key; the accounts of the last three come from a login.
            var isLocal = dialect is UpstreamDialect.Replay or UpstreamDialect.Ollama;
            var isByLogin = dialect is UpstreamDialect.CodeAssist or UpstreamDialect.Codex or UpstreamDialect.Kiro;
            lack = isLocal || isByLogin ? null : "it has no accounts";
            return isLocal ? [new AccountOptions { Name = "default" }] : [];
        }

        var accounts = ImmutableArray.CreateBuilder<AccountOptions>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not HoconObject fields)
            {
                upstream.Ledger.Fault(
                    items[i].Origin,
                    $"{upstream.Path}.accounts takes objects {{ name, api-key, … }}, not {SectionReader.KindOf(items[i])}");
                continue;
            }

            var reader = upstream.Element("accounts", i, fields);
            var oauth = reader.Section("oauth");
            var account = Account(reader, i) with { OAuth = OAuthBinder.Bind(oauth, reader) };
            reader.Finish();
            if (!names.Add(account.Name))
            {
                reader.Fault("name", $"is \"{account.Name}\", and the upstream {name} has an account of that name already");
            }

            if ((Missing(reader) ?? OAuthBinder.Missing(oauth, reader)) is { } missing)
            {
                upstream.Ledger.Notice(fields.Origin, $"the account {account.Name} of the upstream {name} is skipped: {missing}");
            }
            else
            {
                accounts.Add(account);
            }
        }

        lack = accounts.Count == 0 ? "none of its accounts has a key" : null;
        return accounts.ToImmutable();
    }

    private static AccountOptions Account(SectionReader reader, int index) => new()
    {
        Name = Names.Read(reader, "name") ?? $"account-{index + 1}",
        ApiKey = reader.Secret("api-key"),
        Weight = (int)reader.Number("weight", 1, 1, 1000),
        Proxy = UrlReader.Proxy(reader, "proxy-url"),
        Headers = Headers(reader),
        Limits = AccessBinder.Limits(reader.Section("limits")),
    };

    private static string? Missing(SectionReader reader)
    {
        if (reader.Vanished("api-key") is { } vanished)
        {
            return Names.NotSet(vanished);
        }

        return reader.Value("api-key") is HoconScalar { Text: "" } ? "its api-key is empty" : null;
    }

    private static ImmutableArray<HeaderOptions> Headers(SectionReader reader)
    {
        var headers = ImmutableArray.CreateBuilder<HeaderOptions>();
        foreach (var (name, value) in reader.Entries("headers"))
        {
            var path = $"{reader.Path}.headers.{HoconPath.Render([name])}";
            var fault = !IsToken(name) ? "is not the name of a header"
                : Framing.Contains(name, StringComparer.OrdinalIgnoreCase) ? "is set by the engine alone"
                : value is not HoconScalar ? $"must be a string, not {SectionReader.KindOf(value)}; a header name with dots must be quoted"
                : ((HoconScalar)value).Text.Any(c => c is < ' ' or > '~') ? "may hold printable ASCII only"
                : headers.Any(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ? "is there already, in another case"
                : null;
            if (fault is null)
            {
                headers.Add(new HeaderOptions(name, new Secret(((HoconScalar)value).Text)));
            }
            else
            {
                reader.Ledger.Fault(value.Origin, $"{path} {fault}");
            }
        }

        return headers.ToImmutable();
    }

    private static bool IsToken(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
