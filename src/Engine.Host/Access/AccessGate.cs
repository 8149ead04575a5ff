using System.Security.Cryptography;
using System.Text;
using Engine.Host.Configuration;
using Engine.Wire.Completion;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Access;

/// <summary>Who may call: with keys required, a caller must bring one of them in any of the headers the dialects use (contract.md, paths).</summary>
internal sealed class AccessGate
{
    private readonly bool _keysRequired;
    private readonly byte[][] _hashes;

    /// <summary>Keeps only the keys' hashes.</summary>
    public AccessGate(bool keysRequired, IEnumerable<Secret> keys)
    {
        _keysRequired = keysRequired;
        _hashes = [.. keys.Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal())))];
    }

    /// <summary>Null when the caller may pass.</summary>
    public UpstreamError? Check(HttpRequest request)
    {
        if (!_keysRequired)
        {
            return null;
        }

        return KeyOf(request) is { } key && IsKnown(key)
            ? null
            : new UpstreamError(ErrorKind.ClientAuthentication, "This server needs an API key: send it as 'Authorization: Bearer', 'x-api-key', 'api-key' or 'x-goog-api-key'.");
    }

    /// <summary>
    /// A name for whoever calls, to be fair between callers: the same for the same key, else for the same address. Never the key.
    /// </summary>
    public static string ClientOf(HttpRequest request) => KeyOf(request) is { } key
        ? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 8))
        : request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";

    // Every stored key is compared, in constant time, so that timing tells nothing.
    private bool IsKnown(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var known = false;
        foreach (var each in _hashes)
        {
            known |= CryptographicOperations.FixedTimeEquals(hash, each);
        }

        return known;
    }

    private static string? KeyOf(HttpRequest request)
    {
        var bearer = request.Headers.Authorization.ToString();
        if (bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return bearer["Bearer ".Length..].Trim();
        }

        return First(request.Headers["x-api-key"]) ?? First(request.Headers["api-key"]) ?? First(request.Headers["x-goog-api-key"]) ?? First(request.Query["key"]);
    }

    private static string? First(Microsoft.Extensions.Primitives.StringValues values) => values.Count > 0 && values[0] is { Length: > 0 } value ? value : null;
}
