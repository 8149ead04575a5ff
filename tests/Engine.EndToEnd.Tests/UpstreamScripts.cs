using System.Text.Json;
using Engine.Testing;

namespace Engine.EndToEnd.Tests;

/// <summary>
/// What the three upstream dialects answer in these tests. Every script asserts what it receives: path, key, and a body that
/// is JSON with the dialect's own top-level fields.
/// </summary>
internal static class UpstreamScripts
{
    public static readonly string[] Dialects = ["openai-chat", "anthropic", "gemini"];

    private static readonly string[] Models = ["m", "n"];

    /// <summary>Answers "Hello wörld" as the dialect does, streamed when it was asked to stream.</summary>
    public static Task TextAsync(string dialect, UpstreamExchange exchange)
    {
        Check(dialect, exchange);
        return dialect switch
        {
            "openai-chat" when Streams(exchange) => exchange.StreamAsync(
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n",
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello \"},\"finish_reason\":null}]}\n\n",
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"w\\u00f6rld\"},\"finish_reason\":null}]}\n\n",
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\n\n",
                "data: [DONE]\n\n"),
            "openai-chat" => exchange.JsonAsync(200, """
                {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello w\u00f6rld","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}
                """),
            "anthropic" when Streams(exchange) => exchange.StreamAsync(
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n",
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello \"}}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"w\\u00f6rld\"}}\n\n",
                "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
                "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":3}}\n\n",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
            "anthropic" => exchange.JsonAsync(200, """
                {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hello w\u00f6rld"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":3}}
                """),
            "gemini" when Streams(exchange) => exchange.StreamAsync(
                "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hello \"}]},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":7,\"totalTokenCount\":7},\"modelVersion\":\"m\",\"responseId\":\"r1\"}\r\n\r\n",
                "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"w\\u00f6rld\"}]},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":3,\"totalTokenCount\":10},\"modelVersion\":\"m\",\"responseId\":\"r1\"}\r\n\r\n"),
            _ => exchange.JsonAsync(200, """
                {"candidates":[{"content":{"role":"model","parts":[{"text":"Hello w\u00f6rld"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":10},"modelVersion":"m","responseId":"r1"}
                """),
        };
    }

    /// <summary>Sends the head and "Hello " of a stream, which then stays open.</summary>
    public static async Task BeginTextAsync(string dialect, UpstreamExchange exchange)
    {
        Check(dialect, exchange);
        await exchange.StartAsync();
        await exchange.SendAsync(TextEvents(dialect)[0]);
    }

    /// <summary>What follows <see cref="BeginTextAsync"/>: "wörld" and the end.</summary>
    public static string RestOfText(string dialect) => TextEvents(dialect)[1];

    /// <summary>All of it.</summary>
    public static string WholeText(string dialect) => string.Concat(TextEvents(dialect));

    private static string[] TextEvents(string dialect) => dialect switch
    {
        "openai-chat" =>
        [
            "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hello \"},\"finish_reason\":null}]}\n\n",
            "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"wörld\"},\"finish_reason\":null}]}\n\n"
                + "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
        ],
        "anthropic" =>
        [
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n"
                + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
                + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello \"}}\n\n",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"wörld\"}}\n\n"
                + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
                + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":3}}\n\n"
                + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        ],
        _ =>
        [
            "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hello \"}]},\"index\":0}],\"modelVersion\":\"m\",\"responseId\":\"r1\"}\r\n\r\n",
            "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"wörld\"}]},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":3,\"totalTokenCount\":10},\"modelVersion\":\"m\",\"responseId\":\"r1\"}\r\n\r\n",
        ],
    };

    /// <summary>Calls <c>get_weather</c> with <c>{"city":"Köln"}</c>, or answers in text when the history holds its result.</summary>
    public static Task ToolAsync(string dialect, UpstreamExchange exchange)
    {
        if (exchange.Text.Contains("18 degrees", StringComparison.Ordinal))
        {
            return TextAsync(dialect, exchange);
        }

        Check(dialect, exchange);
        return dialect switch
        {
            "openai-chat" when Streams(exchange) => exchange.StreamAsync(
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"\"}}]},\"finish_reason\":null}]}\n\n",
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]},\"finish_reason\":null}]}\n\n",
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Köln\\\"}\"}}]},\"finish_reason\":null}]}\n\n",
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n",
                "data: [DONE]\n\n"),
            "openai-chat" => exchange.JsonAsync(200, """
                {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Köln\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}
                """),
            "anthropic" when Streams(exchange) => exchange.StreamAsync(
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n",
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"get_weather\",\"input\":{}}}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\"}}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"Köln\\\"}\"}}\n\n",
                "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
                "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":3}}\n\n",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
            "anthropic" => exchange.JsonAsync(200, """
                {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Köln"}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":3}}
                """),
            "gemini" when Streams(exchange) => exchange.StreamAsync(
                "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"get_weather\",\"args\":{\"city\":\"Köln\"}}}]},\"index\":0}],\"modelVersion\":\"m\",\"responseId\":\"r1\"}\r\n\r\n",
                "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[]},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":3,\"totalTokenCount\":10},\"modelVersion\":\"m\",\"responseId\":\"r1\"}\r\n\r\n"),
            _ => exchange.JsonAsync(200, """
                {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"get_weather","args":{"city":"Köln"}}}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":10},"modelVersion":"m","responseId":"r1"}
                """),
        };
    }

    /// <summary>Refuses with the dialect's own rate-limit error.</summary>
    public static Task RateLimitedAsync(string dialect, UpstreamExchange exchange) => dialect switch
    {
        "openai-chat" => exchange.JsonAsync(429, """{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", ("retry-after", "7")),
        "anthropic" => exchange.JsonAsync(429, """{"type":"error","error":{"type":"rate_limit_error","message":"Rate limit reached"}}""", ("retry-after", "7")),
        _ => exchange.JsonAsync(429, """{"error":{"code":429,"message":"Rate limit reached","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]}}"""),
    };

    /// <summary>Whether the request asks for a stream.</summary>
    public static bool Streams(UpstreamExchange exchange) =>
        exchange.Target.Contains(":streamGenerateContent", StringComparison.Ordinal) || exchange.Text.Contains("\"stream\":true", StringComparison.Ordinal);

    private static void Check(string dialect, UpstreamExchange exchange)
    {
        using var body = JsonDocument.Parse(exchange.Body);
        var root = body.RootElement;
        Assert.Equal("POST", exchange.Method);
        Assert.Equal("application/json", exchange.Headers["content-type"]);
        Assert.Equal("identity", exchange.Headers["accept-encoding"]);
        switch (dialect)
        {
            case "openai-chat":
                Assert.Equal("/v1/chat/completions", exchange.Target);
                Assert.StartsWith("Bearer key-", exchange.Headers["authorization"], StringComparison.Ordinal);
                Assert.True(root.GetProperty("messages").GetArrayLength() > 0);
                Assert.Contains(root.GetProperty("model").GetString(), Models);
                break;
            case "anthropic":
                Assert.Equal("/v1/messages", exchange.Target.Split('?')[0]);
                Assert.StartsWith("key-", exchange.Headers["x-api-key"], StringComparison.Ordinal);
                Assert.False(exchange.Headers.ContainsKey("authorization"));
                Assert.Contains(exchange.Headers["anthropic-version"], (string[])["2023-06-01", "2026-10-21"]);
                Assert.True(root.GetProperty("max_tokens").GetInt64() > 0);
                Assert.Equal("user", root.GetProperty("messages")[0].GetProperty("role").GetString());
                break;
            default:
                Assert.Contains(Models, model => exchange.Target.StartsWith($"/v1beta/models/{model}:", StringComparison.Ordinal));
                Assert.StartsWith("key-", exchange.Headers["x-goog-api-key"], StringComparison.Ordinal);
                Assert.DoesNotContain("key=", exchange.Target, StringComparison.Ordinal);
                Assert.True(root.GetProperty("contents").GetArrayLength() > 0);
                break;
        }
    }
}
