using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Engine.Actors.Credentials;
using Engine.Host.Configuration;
using Engine.Host.Upstreams;
using Engine.Wire.Json;

namespace Engine.Host.Accounts.Credentials;

/// <summary>
/// A token endpoint as RFC 6749 has it: a form with the refresh token and the client's own credentials (§6, §2.3.1), an answer in
/// JSON (§5.1) or an error code (§5.2). Nothing of either goes into a message but the code.
/// </summary>
internal sealed class OAuthTokenEndpoint : ITokenEndpoint
{
    private const int LongestAnswer = 64 << 10;
    private const int LongestCode = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(3650);

    private readonly OAuthOptions _options;
    private readonly ProxyOptions? _proxy;
    private readonly IUpstreamTransport _transport;
    private readonly TimeProvider _time;

    /// <summary>Names the endpoint.</summary>
    /// <param name="options">Where it is and who asks.</param>
    /// <param name="proxy">The account's way out; null for a direct connection.</param>
    /// <param name="transport">Carries the call; must not record it.</param>
    /// <param name="time">The clock.</param>
    public OAuthTokenEndpoint(OAuthOptions options, ProxyOptions? proxy, IUpstreamTransport transport, TimeProvider time)
    {
        _options = options;
        _proxy = proxy;
        _transport = transport;
        _time = time;
    }

    public async ValueTask<TokenAnswer> RefreshAsync(string refreshToken, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var response = await _transport.SendAsync(Call(refreshToken), deadline.Token);
            var body = await BodyAsync(response.Body, deadline.Token);
            return response.Status == 200 ? Granted(body) : TokenAnswer.Failed(CodeOf(body) ?? HttpCode(response.Status));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return TokenAnswer.Failed("timeout");
        }
        catch (Exception fault) when (fault is UpstreamUnreachableException or IOException)
        {
            return TokenAnswer.Failed("unreachable");
        }
    }

    private UpstreamCall Call(string refreshToken)
    {
        var form = new StringBuilder("grant_type=refresh_token");
        Add(form, "refresh_token", refreshToken);
        Add(form, "client_id", _options.ClientId);
        Add(form, "client_secret", _options.ClientSecret?.Reveal());
        Add(form, "scope", _options.Scope);
        return new UpstreamCall
        {
            Method = "POST",
            Url = _options.TokenUrl,
            Headers =
            [
                new("content-type", "application/x-www-form-urlencoded"),
                new("accept", "application/json"),
                new("accept-encoding", "identity"),
            ],
            Body = BodyRope.Of(Encoding.ASCII.GetBytes(form.ToString())),
            Proxy = _proxy,
            ConnectTimeout = ConnectTimeout,

            // A connection that broke would leave open whether the token was used.
            FreshConnection = true,
        };
    }

    private static void Add(StringBuilder form, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            form.Append('&').Append(name).Append('=').Append(WebUtility.UrlEncode(value));
        }
    }

    private static async Task<byte[]> BodyAsync(Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[LongestAnswer];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return bytes[..length];
    }

    private static TokenAnswer Granted(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (Text(root, "access_token") is not { } access || !IsHeaderText(access))
            {
                return TokenAnswer.Failed(CodeOf(body) ?? "malformed_answer");
            }

            return Text(root, "token_type") is { } type && !type.Equals("bearer", StringComparison.OrdinalIgnoreCase)
                ? TokenAnswer.Failed("unsupported_token_type")
                : TokenAnswer.Of(new TokenGrant(access, Text(root, "refresh_token"), LifetimeOf(root)));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return TokenAnswer.Failed("malformed_answer");
        }
    }

    private static TimeSpan? LifetimeOf(JsonElement root)
    {
        // A number by the standard, a string at some providers.
        var text = root.TryGetProperty("expires_in", out var value) && value.ValueKind is JsonValueKind.Number or JsonValueKind.String ? value.ToString() : "";
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds))
            : null;
    }

    private static string? CodeOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Text(json.RootElement, "error") is { Length: <= LongestCode } code && code.All(c => c is (>= 'a' and <= 'z') or '_') ? code : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string HttpCode(int status) => string.Create(CultureInfo.InvariantCulture, $"http_{status}");

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    // It goes into a header.
    private static bool IsHeaderText(string token) => token.All(c => c is > ' ' and <= '~');
}
