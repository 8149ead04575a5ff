using System.Net;
using System.Security.Cryptography;
using System.Text;
using Engine.Host.Configuration;
using Engine.Wire.Completion;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Management;

/// <summary>
/// Who may manage: callers that bring the password as <c>Authorization: Bearer</c> or <c>X-Management-Key</c>, from this machine
/// unless the config lets others in. Without a password there is nothing to find (reference/modelgate-llmmux.md §1.6).
/// </summary>
internal sealed class ManagementGate
{
    private readonly byte[]? _hash;
    private readonly bool _allowRemote;

    public ManagementGate(ManagementOptions options)
    {
        _hash = options.Password is { } password ? Hash(password.Reveal()) : null;
        _allowRemote = options.AllowRemote;
    }

    /// <summary>Null when the caller may pass.</summary>
    public UpstreamError? Check(HttpRequest request)
    {
        if (_hash is null)
        {
            return new UpstreamError(ErrorKind.NotFound, "Management is off: engine.management.password is not set.");
        }

        if (!_allowRemote && request.HttpContext.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
        {
            return new UpstreamError(ErrorKind.Permission, "Management is open to this machine only (engine.management.allow-remote).");
        }

        var given = request.Headers["x-management-key"].ToString();
        var bearer = request.Headers.Authorization.ToString();
        if (given.Length == 0)
        {
            given = bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer["Bearer ".Length..].Trim() : bearer;
        }

        return given.Length > 0 && CryptographicOperations.FixedTimeEquals(Hash(given), _hash)
            ? null
            : new UpstreamError(ErrorKind.ClientAuthentication, given.Length == 0 ? "The management key is missing." : "The management key is wrong.");
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
