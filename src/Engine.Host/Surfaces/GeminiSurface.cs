using Engine.Host.Exchange;
using Engine.Host.Server;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;

namespace Engine.Host.Surfaces;

/// <summary>The paths of Gemini clients: <c>models/{model}:{verb}</c>, where the model may hold slashes and the verb follows the last colon.</summary>
internal static class GeminiSurface
{
    public static IEnumerable<(string Path, Route Route)> Routes()
    {
        var route = new Route("gemini", "POST", static _ => GeminiDialect.Instance, HandleAsync);
        yield return ("/v1beta/models/*", route);
        yield return ("/v1/models/*", route);
    }

    private static Task HandleAsync(RequestScope scope)
    {
        var path = scope.Http.Request.Path.Value!;
        var name = path[(path.IndexOf("/models/", StringComparison.Ordinal) + "/models/".Length)..];
        var colon = name.LastIndexOf(':');
        var (model, verb) = colon < 0 ? (name, "") : (name[..colon], name[(colon + 1)..]);
        return verb switch
        {
            "generateContent" => GenerateAsync(scope, model, stream: false),
            "streamGenerateContent" => GenerateAsync(scope, model, stream: true),
            "countTokens" => GenerateSurface.HandleAsync(
                scope, GeminiDialect.Instance, Operation.CountTokens, client => client with { PathModel = model, PathStream = false }),
            _ => ErrorAnswer.WriteAsync(
                scope.Http.Response,
                GeminiDialect.Instance,
                new UpstreamError(ErrorKind.NotFound, $"There is no method '{verb}' on models."),
                scope.Facts,
                new LossLedger()),
        };
    }

    private static Task GenerateAsync(RequestScope scope, string model, bool stream)
    {
        var sse = string.Equals(scope.Http.Request.Query["alt"], "sse", StringComparison.OrdinalIgnoreCase);
        return GenerateSurface.HandleAsync(
            scope,
            GeminiDialect.Instance,
            Operation.Generate,
            client => client with { PathModel = model, PathStream = stream, StreamAsJsonArray = stream && !sse });
    }
}
