using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Engine.Host.Recording;

/// <summary>
/// Takes credentials and identities out of one exchange before it is written. Bodies are changed in place and keep their
/// length, so that chunk sizes still add up. Headers are kept by name only: what nobody listed here is not written.
/// </summary>
internal sealed class SecretStripper
{
    /// <summary>Shorter values would hit ordinary words.</summary>
    private const int MinSecret = 8;

    private static readonly HashSet<string> RequestHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "accept", "accept-encoding", "anthropic-beta", "anthropic-version", "content-type", "openai-beta", "user-agent",
        "x-goog-api-client",
    };

    private static readonly HashSet<string> ResponseHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "content-type", "request-id", "x-request-id", "retry-after", "retry-after-ms", "x-should-retry",
    };

    private static readonly string[] RateLimitHeaders = ["x-ratelimit-", "ratelimit-", "anthropic-ratelimit-"];

    private static readonly HashSet<string> CredentialHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie",
    };

    private static readonly HashSet<string> CredentialParameters = new(StringComparer.OrdinalIgnoreCase)
    {
        "key", "api_key", "api-key", "apikey", "access_token", "token", "sig", "signature",
    };

    /// <summary>The credentials this exchange was sent with: hidden wherever they turn up, whatever they look like.</summary>
    private readonly List<byte[]> _known = [];

    /// <param name="headers">The request's, credentials included.</param>
    /// <param name="target">The request's path with query.</param>
    internal SecretStripper(IEnumerable<KeyValuePair<string, string>> headers, string target)
    {
        foreach (var (name, value) in headers)
        {
            if (CredentialHeaders.Contains(name))
            {
                // "Bearer KEY", "a=KEY; b=KEY" or the key alone.
                foreach (var word in value.Split([' ', ';', '='], StringSplitOptions.RemoveEmptyEntries))
                {
                    Know(word);
                }
            }
        }

        foreach (var parameter in QueryOf(target).Split('&'))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && CredentialParameters.Contains(parameter[..equals]))
            {
                Know(parameter[(equals + 1)..]);
                Know(Uri.UnescapeDataString(parameter[(equals + 1)..]));
            }
        }
    }

    internal List<KeyValuePair<string, string>> KeepRequestHeaders(IEnumerable<KeyValuePair<string, string>> headers) =>
        Keep(headers, RequestHeaders.Contains);

    internal List<KeyValuePair<string, string>> KeepResponseHeaders(IEnumerable<KeyValuePair<string, string>> headers) =>
        Keep(headers, name => ResponseHeaders.Contains(name)
            || Array.Exists(RateLimitHeaders, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Path and query without credentials and project names.</summary>
    internal string StripTarget(string target)
    {
        var query = QueryOf(target);
        var path = query.Length == 0 ? target.TrimEnd('?') : target[..(target.Length - query.Length - 1)];
        var kept = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(parameter => !CredentialParameters.Contains(parameter.Split('=')[0]));
        var rest = string.Join('&', kept);
        return StripText(rest.Length == 0 ? path : path + "?" + rest, inPathOrError: true);
    }

    /// <summary>Hides secrets in a body, in place, length kept.</summary>
    /// <param name="isError">An error body may also name the account's project.</param>
    internal void StripBody(Span<byte> body, bool isError)
    {
        foreach (var secret in _known)
        {
            for (var rest = body; rest.IndexOf(secret) is >= 0 and var at; rest = rest[(at + secret.Length)..])
            {
                rest.Slice(at, secret.Length).Fill((byte)'*');
            }
        }

        // One char per byte, so that positions in the text are positions in the body.
        var text = Encoding.Latin1.GetString(body);
        Hide(body, text, KeyShapes.Secrets, (byte)'*');
        Hide(body, text, KeyShapes.Identities, (byte)'X');
        if (isError)
        {
            Hide(body, text, [KeyShapes.GoogleProject()], (byte)'X');
        }
    }

    /// <summary>Hides the fields of a JSON request that name the end user or the account, in place, length kept.</summary>
    internal static void StripIdentityFields(Span<byte> json)
    {
        var ranges = new List<(int Start, int Length)>();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
            var inMetadata = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > 2)
                {
                    continue;
                }

                if (reader.CurrentDepth == 1)
                {
                    inMetadata = reader.ValueTextEquals("metadata"u8);
                }

                var isIdentity = reader.CurrentDepth == 1
                    ? reader.ValueTextEquals("user"u8) || reader.ValueTextEquals("safety_identifier"u8) || reader.ValueTextEquals("project"u8)
                    : inMetadata && reader.ValueTextEquals("user_id"u8);
                if (isIdentity && reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    ranges.Add(((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length));
                }
            }
        }
        catch (JsonException)
        {
            // Not JSON: it has no such fields, and the ranges found so far are hidden all the same.
        }

        foreach (var (start, length) in ranges)
        {
            json.Slice(start, length).Fill((byte)'X');
        }
    }

    private static string QueryOf(string target)
    {
        var cut = target.IndexOf('?', StringComparison.Ordinal);
        return cut < 0 ? "" : target[(cut + 1)..];
    }

    private static void Hide(Span<byte> body, string text, IReadOnlyList<Regex> shapes, byte with)
    {
        foreach (var shape in shapes)
        {
            foreach (Match match in shape.Matches(text))
            {
                var hidden = match.Groups["s"];
                foreach (ref var b in body.Slice(hidden.Index, hidden.Length))
                {
                    // Line ends stay: an SSE line must not grow into the next.
                    b = b is (byte)'\r' or (byte)'\n' ? b : with;
                }
            }
        }
    }

    private void Know(string secret)
    {
        if (secret.Length < MinSecret)
        {
            return;
        }

        var plain = Encoding.UTF8.GetBytes(secret);
        var escaped = JsonEncodedText.Encode(secret).EncodedUtf8Bytes;
        _known.Add(plain);
        if (!escaped.SequenceEqual(plain))
        {
            _known.Add(escaped.ToArray());
        }
    }

    private List<KeyValuePair<string, string>> Keep(IEnumerable<KeyValuePair<string, string>> headers, Func<string, bool> keeps)
    {
        var kept = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in headers)
        {
            if (keeps(name))
            {
                var ascii = string.Concat(value.Select(c => c is >= ' ' and <= '~' ? c : '?'));
                kept.Add(new(name.ToLowerInvariant(), StripText(ascii, inPathOrError: true)));
            }
        }

        return kept;
    }

    private string StripText(string text, bool inPathOrError)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        StripBody(bytes, inPathOrError);
        return Encoding.UTF8.GetString(bytes);
    }
}
