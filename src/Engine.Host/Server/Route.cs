using Engine.Wire.Dialects;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Server;

/// <summary>Where a path leads.</summary>
/// <param name="Surface">The surface's name in logs and metrics: a closed set.</param>
/// <param name="Method">The one method it takes; <c>GET</c> includes <c>HEAD</c>.</param>
/// <param name="DialectOf">The dialect of its answers and errors; some paths are shared by several.</param>
/// <param name="Handle">Answers the request.</param>
internal sealed record Route(string Surface, string Method, Func<HttpRequest, IClientDialect> DialectOf, Func<RequestScope, Task> Handle)
{
    /// <summary>True for paths that answer without a key in every access mode (<c>/health</c>).</summary>
    public bool AlwaysOpen { get; init; }

    /// <summary>True when a method fits.</summary>
    public bool Takes(string method) =>
        HttpMethods.Equals(method, Method) || (HttpMethods.IsHead(method) && HttpMethods.IsGet(Method));
}
