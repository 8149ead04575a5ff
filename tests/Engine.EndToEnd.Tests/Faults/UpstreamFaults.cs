using System.Text;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Faults;

/// <summary>
/// Ways an upstream fails, by phase. Each has the kind of failure a client must be told (<see cref="ClientDialects.WordOf"/>).
/// </summary>
internal static class UpstreamFaults
{
    /// <summary>Instead of an answer.</summary>
    public static readonly (string Fault, string Kind)[] BeforeHead =
    [
        ("closed", "fault"), ("reset", "fault"), ("not-http", "fault"), ("web-page", "fault"), ("no-content", "fault"),
        ("401", "credential"), ("429", "rate-limit"), ("500", "fault"), ("overloaded", "overloaded"),
    ];

    /// <summary>In a stream, after its head and before any content.</summary>
    public static readonly (string Fault, string Kind)[] BeforeContent =
    [
        ("head-closed", "truncated"), ("head-reset", "truncated"), ("start-closed", "truncated"), ("start-reset", "truncated"),
        ("start-error", "overloaded"), ("cut-json", "fault"), ("no-events", "truncated"), ("garbage-event", "fault"),
    ];

    /// <summary>In a stream, after content.</summary>
    public static readonly (string Fault, string Kind)[] AfterContent =
        [("text-closed", "truncated"), ("text-reset", "truncated"), ("text-error", "overloaded"), ("text-garbage", "fault"), ("text-no-end", "truncated")];

    /// <summary>In a whole answer, after its head.</summary>
    public static readonly (string Fault, string Kind)[] Whole =
        [("half-closed", "truncated"), ("half-reset", "truncated"), ("half-json", "fault"), ("empty", "no answer")];

    /// <summary>Fails.</summary>
    /// <param name="fault">How.</param>
    /// <param name="dialect">The upstream's.</param>
    /// <param name="exchange">What to answer.</param>
    /// <param name="textSeen">Completes when the client has text: from then on a failure comes after content.</param>
    public static Task PlayAsync(string fault, string dialect, UpstreamExchange exchange, Task textSeen) => fault switch
    {
        "closed" => Then(Task.CompletedTask, exchange.Close),
        "reset" => Then(Task.CompletedTask, exchange.Reset),
        "not-http" => Then(exchange.WriteAsync("SSH-2.0-OpenSSH_9.6\r\n\r\n"u8.ToArray()), exchange.Close),
        "web-page" => exchange.WholeAsync(200, "text/html; charset=utf-8", "<!DOCTYPE html><html><body>Log in</body></html>"),
        "no-content" => exchange.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray()),
        "401" => exchange.JsonAsync(401, Error(dialect, 401, "authentication_error", "UNAUTHENTICATED", "invalid_api_key")),
        "429" => UpstreamScripts.RateLimitedAsync(dialect, exchange),
        "500" => exchange.JsonAsync(500, Error(dialect, 500, "api_error", "INTERNAL", "internal")),
        "overloaded" => exchange.JsonAsync(dialect == "anthropic" ? 529 : 503, Overloaded(dialect)),
        "400" => exchange.JsonAsync(400, Error(dialect, 400, "invalid_request_error", "INVALID_ARGUMENT", "invalid_value")),
        "head-closed" => Then(exchange.StartAsync(), exchange.Close),
        "head-reset" => ResetAsync(exchange, exchange.StartAsync()),
        "start-closed" => Then(SendAsync(exchange, Start(dialect)), exchange.Close),
        "start-reset" => ResetAsync(exchange, SendAsync(exchange, Start(dialect))),
        "start-error" => exchange.StreamAsync(Start(dialect), ErrorEvent(dialect)),
        "cut-json" => exchange.StreamAsync(Text(dialect)[..^12]),
        "no-events" => exchange.StreamAsync(),
        "garbage-event" => exchange.StreamAsync(Start(dialect), Garbage(dialect)),
        "text-closed" => Then(TextAsync(exchange, dialect, textSeen), exchange.Close),
        "text-reset" => Then(TextAsync(exchange, dialect, textSeen), exchange.Reset),
        "text-error" => EndAsync(exchange, dialect, textSeen, ErrorEvent(dialect)),
        "text-garbage" => EndAsync(exchange, dialect, textSeen, Garbage(dialect)),
        "text-no-end" => EndAsync(exchange, dialect, textSeen, ": bye\n\n"),
        "half-closed" => Then(HalfAsync(exchange), exchange.Close),
        "half-reset" => ResetAsync(exchange, HalfAsync(exchange)),
        "half-json" => exchange.JsonAsync(200, "{\"id\":\"c1\",\"choices\":[{\"mess"),
        "empty" => exchange.JsonAsync(200, ""),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
    };

    private static async Task Then(Task first, Action next)
    {
        await first;
        next();
    }

    // A reset overtakes bytes that the engine has not read yet; a moment lets it read them.
    private static async Task ResetAsync(UpstreamExchange exchange, Task first)
    {
        await first;
        await Task.Delay(50);
        exchange.Reset();
    }

    private static async Task SendAsync(UpstreamExchange exchange, params string[] chunks)
    {
        await exchange.StartAsync();
        foreach (var chunk in chunks.Where(static chunk => chunk.Length > 0))
        {
            await exchange.SendAsync(chunk);
        }
    }

    private static async Task TextAsync(UpstreamExchange exchange, string dialect, Task textSeen)
    {
        await SendAsync(exchange, Start(dialect), Text(dialect));
        await textSeen.WaitAsync(EngineUnderTest.Patience);
    }

    private static async Task EndAsync(UpstreamExchange exchange, string dialect, Task textSeen, string last)
    {
        await TextAsync(exchange, dialect, textSeen);
        await exchange.SendAsync(last);
        await exchange.EndAsync();
    }

    private static Task HalfAsync(UpstreamExchange exchange) =>
        exchange.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"id\":\"c1\","));

    // Gemini has no event before the first content.
    private static string Start(string dialect) => dialect switch
    {
        "openai-chat" => "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n",
        "anthropic" => "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n"
            + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
        _ => ": nothing yet\r\n\r\n",
    };

    private static string Text(string dialect) => dialect switch
    {
        "openai-chat" => "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello \"},\"finish_reason\":null}]}\n\n",
        "anthropic" => "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello \"}}\n\n",
        _ => "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hello \"}]},\"index\":0}],\"modelVersion\":\"m\",\"responseId\":\"r1\"}\r\n\r\n",
    };

    private static string Garbage(string dialect) => dialect == "anthropic" ? "event: content_block_delta\ndata: {]not json\n\n" : "data: {]not json\n\n";

    private static string ErrorEvent(string dialect) => (dialect == "anthropic" ? "event: error\n" : "") + "data: " + Overloaded(dialect) + "\n\n";

    private static string Overloaded(string dialect) => Error(dialect, 503, "overloaded_error", "UNAVAILABLE", "server_is_overloaded");

    private static string Error(string dialect, int status, string anthropic, string gemini, string openAi) => dialect switch
    {
        "openai-chat" => $$$"""{"error":{"message":"The upstream says no","type":"{{{(status < 500 ? "invalid_request_error" : "server_error")}}}","param":null,"code":"{{{openAi}}}"}}""",
        "anthropic" => $$$"""{"type":"error","error":{"type":"{{{anthropic}}}","message":"The upstream says no"}}""",
        _ => $$$"""{"error":{"code":{{{status}}},"message":"The upstream says no","status":"{{{gemini}}}"}}""",
    };
}
