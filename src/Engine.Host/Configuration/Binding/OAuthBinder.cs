using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary>The <c>oauth</c> of an account: a credential that refreshes.</summary>
internal static class OAuthBinder
{
    private static readonly string[] Needed = ["token-url", "refresh-token"];
    private static readonly string[] Asked = [.. Needed, "client-id", "client-secret"];

    /// <summary>The options; null when there is no such section, when it is faulty, or when its refresh token is missing.</summary>
    /// <param name="oauth">The section, be it there or not.</param>
    /// <param name="account">The account's section.</param>
    public static OAuthOptions? Bind(SectionReader oauth, SectionReader account)
    {
        var url = UrlReader.Http(oauth, "token-url");
        var (clientId, clientSecret) = (oauth.Text("client-id"), oauth.Secret("client-secret"));
        var (refreshToken, scope) = (oauth.Secret("refresh-token"), oauth.Text("scope") ?? "");
        oauth.Finish();
        if (!account.Has("oauth"))
        {
            return null;
        }

        if (account.Has("api-key"))
        {
            account.Fault("oauth", "and api-key are two credentials: an account has one");
        }

        foreach (var key in Needed.Where(key => oauth.Lacks(key) && oauth.Vanished(key) is null))
        {
            oauth.Fault(key, "must be given");
        }

        if (url is { Scheme: "http", IsLoopback: false })
        {
            oauth.Ledger.Notice(oauth.OriginOf("token-url"), $"{oauth.Path}.token-url is not https: whoever listens on the way learns the account's tokens");
        }

        return url is null || refreshToken is null
            ? null
            : new OAuthOptions(url, clientId is { Length: > 0 } ? clientId : null, clientSecret, refreshToken, scope);
    }

    /// <summary>What an operator has still to set; null when nothing is missing.</summary>
    public static string? Missing(SectionReader oauth, SectionReader account)
    {
        var unset = account.Vanished("oauth") ?? Asked.Select(oauth.Vanished).FirstOrDefault(vanished => vanished is not null);
        var empty = Needed.FirstOrDefault(key => oauth.Value(key) is HoconScalar { Text: "" });
        return unset is not null ? Names.NotSet(unset) : empty is not null ? $"its {empty} is empty" : null;
    }
}
