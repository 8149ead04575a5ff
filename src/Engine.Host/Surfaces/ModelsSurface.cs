using Engine.Host.Exchange;
using Engine.Host.Server;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Surfaces;

/// <summary>
/// The model lists. <c>/v1/models</c> is asked by three dialects: a Google key makes it Gemini's, <c>anthropic-version</c> or
/// <c>x-api-key</c> Anthropic's, neither OpenAI's (wire/clients.md, wire/mapping.md §9).
/// </summary>
internal static class ModelsSurface
{
    public static IEnumerable<(string Path, Route Route)> Routes()
    {
        var shared = new Route("models", "GET", ShapeOf, HandleAsync);
        var gemini = shared with { DialectOf = static _ => GeminiDialect.Instance };
        yield return ("/v1/models", shared);
        yield return ("/v1/models/*", shared);
        yield return ("/v1beta/models", gemini);
        yield return ("/v1beta/models/*", gemini);
    }

    private static IClientDialect ShapeOf(HttpRequest request)
    {
        if (request.Headers.ContainsKey("x-goog-api-key") || request.Query.ContainsKey("key"))
        {
            return GeminiDialect.Instance;
        }

        return request.Headers.ContainsKey("anthropic-version") || request.Headers.ContainsKey("x-api-key")
            ? AnthropicDialect.Instance
            : OpenAiChatDialect.Instance;
    }

    private static async Task HandleAsync(RequestScope scope)
    {
        var entries = scope.State.Models.Entries;
        var path = scope.Http.Request.Path.Value!;
        var at = path.IndexOf("/models/", StringComparison.Ordinal);
        using var body = new PooledBytes();
        if (at < 0)
        {
            scope.Dialect.WriteModelList(entries, body);
        }
        else
        {
            var name = path[(at + "/models/".Length)..];
            if (entries.FirstOrDefault(entry => entry.Id == name) is not { } model)
            {
                var unknown = new UpstreamError(ErrorKind.UnknownModel, $"The model '{name}' does not exist.") { Param = "model" };
                await ErrorAnswer.WriteAsync(scope.Http.Response, scope.Dialect, unknown, scope.Facts, new LossLedger());
                return;
            }

            scope.Dialect.WriteModel(model, body);
        }

        await JsonAnswer.WriteAsync(scope.Http.Response, StatusCodes.Status200OK, body.Memory);
    }
}
