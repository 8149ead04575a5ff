using System.Globalization;
using System.Net;

namespace Engine.Host.Configuration;

/// <summary>Where the server listens.</summary>
/// <param name="IsHttps">TLS.</param>
/// <param name="Host">An IP address (IPv6 without brackets), <c>localhost</c>, or <c>*</c> for every address.</param>
/// <param name="Port">0 to 65535; 0 asks the system for a free one.</param>
internal sealed record ListenAddress(bool IsHttps, string Host, int Port)
{
    public const string Allowed =
        "http:// or https://, then an IP address, localhost or *, then optionally a port, such as http://127.0.0.1:8045";

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    public static ListenAddress? Parse(string text)
    {
        var isHttps = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isHttps && !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = text[(isHttps ? "https://".Length : "http://".Length)..];
        rest = rest.EndsWith('/') ? rest[..^1] : rest;
        var colon = rest.LastIndexOf(':');
        var hasPort = colon > rest.LastIndexOf(']');
        var port = isHttps ? 443 : 80;
        if (hasPort
            && !(int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort))
        {
            return null;
        }

        return HostOf(hasPort ? rest[..colon] : rest) is { } host ? new ListenAddress(isHttps, host, port) : null;
    }

    public override string ToString() =>
        $"{(IsHttps ? "https" : "http")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";

    private static string? HostOf(string text)
    {
        if (text is "*" or "+")
        {
            return "*";
        }

        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return "localhost";
        }

        var isBracketed = text is ['[', .., ']'];
        return IPAddress.TryParse(isBracketed ? text[1..^1] : text, out var address)
            && isBracketed == (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            && (isBracketed || text.Count(c => c == '.') == 3)
            ? address.ToString()
            : null;
    }
}
