using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Server;

/// <summary>The id under which a request appears in answers and logs: the client's own when it is harmless, else a new one.</summary>
internal static class RequestId
{
    private const int MaxLength = 128;

    public static string For(HttpRequest request)
    {
        var given = request.Headers["x-request-id"].ToString();
        return given.Length is > 0 and <= MaxLength && given.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
            ? given
            : "req_" + RandomNumberGenerator.GetHexString(24, lowercase: true);
    }
}
