using System.Globalization;
using Engine.Actors.Journal;
using Engine.Host.Server;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Surfaces;

/// <summary>The server's own paths: what it is, whether it lives, whether it takes requests.</summary>
internal static class ServerSurface
{
    public static IEnumerable<(string Path, Route Route)> Routes(LiveState live)
    {
        yield return ("/", Of(static scope => IndexAsync(scope)));
        yield return ("/health", Of(static scope => StatusAsync(scope, "ok", StatusCodes.Status200OK)));
        yield return ("/healthz", Of(static scope => StatusAsync(scope, "ok", StatusCodes.Status200OK)));
        yield return ("/readyz", Of(scope => ReadinessAsync(scope, live)));
    }

    // A journal that cannot write does not stop the engine, so it does not take it out of service either; but it is said aloud.
    private static Task ReadinessAsync(RequestScope scope, LiveState live)
    {
        var journal = scope.State.Accounts.Registry.JournalHealth;
        return live.IsDraining ? StatusAsync(scope, "draining", StatusCodes.Status503ServiceUnavailable)
            : scope.State.Models.Entries.Count == 0 ? StatusAsync(scope, "no model is configured", StatusCodes.Status503ServiceUnavailable)
            : journal.IsWriting ? StatusAsync(scope, "ready", StatusCodes.Status200OK)
            : StatusAsync(scope, "degraded", StatusCodes.Status200OK, journal);
    }

    private static Route Of(Func<RequestScope, Task> handle) => new("server", "GET", static _ => OpenAiChatDialect.Instance, handle) { AlwaysOpen = true };

    private static async Task StatusAsync(RequestScope scope, string status, int code, JournalHealth? journal = null)
    {
        using var body = new PooledBytes();
        var json = new JsonEmitter(body);
        json.ObjectStart();
        json.Text("status"u8, status);
        if (journal is not null)
        {
            json.ObjectStart("journal"u8);
            json.Text("fault"u8, journal.Fault ?? "");
            json.Text("since"u8, journal.Since.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.Number("deferred"u8, journal.Deferred);
            json.Number("dropped"u8, journal.Dropped);
            json.ObjectEnd();
        }

        json.ObjectEnd();
        await JsonAnswer.WriteAsync(scope.Http.Response, code, body.Memory);
    }

    private static async Task IndexAsync(RequestScope scope)
    {
        using var body = new PooledBytes();
        var json = new JsonEmitter(body);
        json.ObjectStart();
        json.Text("name"u8, "engine");
        json.Text("version"u8, typeof(ServerSurface).Assembly.GetName().Version?.ToString(3) ?? "");
        json.ArrayStart("paths"u8);
        foreach (var path in (string[])["/v1/chat/completions", "/v1/messages", "/v1/messages/count_tokens", "/v1beta/models/{model}:generateContent", "/v1beta/models/{model}:streamGenerateContent", "/v1/models", "/health", "/readyz"])
        {
            json.Text(path);
        }

        json.ArrayEnd();
        json.ObjectEnd();
        await JsonAnswer.WriteAsync(scope.Http.Response, StatusCodes.Status200OK, body.Memory);
    }
}
