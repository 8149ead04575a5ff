namespace Engine.Host.Configuration.Binding;

/// <summary>URLs of the configuration. They may hold credentials in the wrong place, so no message repeats one.</summary>
internal static class UrlReader
{
    private static readonly string[] ProxySchemes = ["http", "https", "socks4", "socks4a", "socks5"];

    /// <summary>An http or https URL without a slash at its end; null when the key is absent, empty or faulty.</summary>
    public static Uri? Http(SectionReader reader, string key)
    {
        if (reader.Text(key) is not { Length: > 0 } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url is { Scheme: "http" or "https", Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" })
        {
            return new Uri(url.GetLeftPart(UriPartial.Path).TrimEnd('/'));
        }

        reader.Fault(key, "must be an http:// or https:// URL with a host, and without credentials, query or fragment");
        return null;
    }

    /// <summary>The proxy of an account; null when the key is absent, empty or faulty.</summary>
    public static ProxyOptions? Proxy(SectionReader reader, string key)
    {
        if (reader.Text(key) is not { Length: > 0 } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || !ProxySchemes.Contains(url.Scheme, StringComparer.Ordinal)
            || url is not { Host.Length: > 0, PathAndQuery: "/" or "", Fragment: "" })
        {
            reader.Fault(key, $"must be a URL of scheme {string.Join(", ", ProxySchemes)} with a host and no path");
            return null;
        }

        var address = new UriBuilder(url) { UserName = "", Password = "" }.Uri;
        var colon = url.UserInfo.IndexOf(':', StringComparison.Ordinal);
        return url.UserInfo.Length == 0
            ? new ProxyOptions(address, User: null, Password: null)
            : new ProxyOptions(
                address,
                Uri.UnescapeDataString(colon < 0 ? url.UserInfo : url.UserInfo[..colon]),
                colon < 0 ? null : new Secret(Uri.UnescapeDataString(url.UserInfo[(colon + 1)..])));
    }
}
