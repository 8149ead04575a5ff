using System.Text;
using System.Text.Json;

namespace Engine.EndToEnd.Tests;

/// <summary>What clients of the three dialects send, and how they find their way in an answer.</summary>
internal static class ClientDialects
{
    public static readonly string[] Names = ["openai-chat", "anthropic", "gemini"];

    /// <summary>Every client dialect with every upstream dialect.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Pairs() =>
        from client in Names from upstream in UpstreamScripts.Dialects select new TheoryDataRow<string, string>(client, upstream);

    /// <summary>Every client dialect.</summary>
    public static TheoryData<string> Each() => [.. Names];

    /// <summary>A question for some model.</summary>
    public static HttpRequestMessage Ask(string client, string model, bool stream) => Send(client, model, stream, Body(client, model, stream));

    /// <summary>A request with a body of the test's own.</summary>
    public static HttpRequestMessage Send(string client, string model, bool stream, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path(client, model, stream)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (client == "anthropic")
        {
            request.Headers.Add("anthropic-version", "2023-06-01");
        }

        return request;
    }

    public static string Body(string client, string model, bool stream) => client switch
    {
        "openai-chat" => $$"""{"model":"{{model}}",{{(stream ? "\"stream\":true," : "")}}"messages":[{"role":"user","content":"Say hello"}]}""",
        "anthropic" => $$"""{"model":"{{model}}",{{(stream ? "\"stream\":true," : "")}}"max_tokens":64,"messages":[{"role":"user","content":"Say hello"}]}""",
        _ => """{"contents":[{"role":"user","parts":[{"text":"Say hello"}]}]}""",
    };

    public static string Path(string client, string model, bool stream) => client switch
    {
        "openai-chat" => "/v1/chat/completions",
        "anthropic" => "/v1/messages",
        _ => $"/v1beta/models/{model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}",
    };

    /// <summary>The text of a whole answer, which must have stopped in order.</summary>
    public static string Text(string client, string body)
    {
        var root = Parse(body);
        Assert.False(root.TryGetProperty("error", out _), body);
        switch (client)
        {
            case "openai-chat":
                Assert.Equal("stop", root.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
                return root.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
            case "anthropic":
                Assert.Equal("end_turn", root.GetProperty("stop_reason").GetString());
                return string.Concat(root.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("text").GetString()));
            default:
                Assert.Equal("STOP", root.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
                return string.Concat(root.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray()
                    .Select(part => part.GetProperty("text").GetString()));
        }
    }

    /// <summary>The status a client of the dialect sees for a kind of failure (wire/mapping.md §7).</summary>
    public static int StatusOf(string client, string kind) => (client, kind) switch
    {
        (_, "rate-limit") => 429,
        (_, "invalid") => 400,
        ("openai-chat", "overloaded") => 503,
        ("anthropic", "overloaded") => 529,
        ("gemini", "overloaded") => 503,
        ("openai-chat", _) => 502,
        ("anthropic", "credential") => 502,
        ("gemini", "credential") => 503,
        _ => 500,
    };

    /// <summary>The word a client of the dialect reads for a kind of failure (wire/mapping.md §7); null when several do.</summary>
    public static string? WordOf(string client, string kind) => (client, kind) switch
    {
        ("openai-chat", "rate-limit") => "rate_limit_exceeded",
        ("openai-chat", "overloaded") => "server_is_overloaded",
        ("openai-chat", "credential") => "upstream_auth",
        ("openai-chat", "fault") => "upstream_error",
        ("openai-chat", "truncated") => "upstream_truncated",
        ("openai-chat", "no answer") => null,
        ("anthropic", "rate-limit") => "rate_limit_error",
        ("anthropic", "overloaded") => "overloaded_error",
        ("anthropic", "invalid") => "invalid_request_error",
        ("anthropic", _) => "api_error",
        ("gemini", "rate-limit") => "RESOURCE_EXHAUSTED",
        ("gemini", "overloaded" or "credential") => "UNAVAILABLE",
        ("gemini", "invalid") => "INVALID_ARGUMENT",
        ("gemini", _) => "INTERNAL",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no word"),
    };

    /// <summary>An error's machine-readable word; the envelope must be the dialect's own.</summary>
    public static string ErrorWord(string client, JsonElement root)
    {
        var error = root.GetProperty("error");
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        switch (client)
        {
            case "openai-chat":
                Assert.NotNull(error.GetProperty("type").GetString());
                return error.GetProperty("code").GetString() ?? error.GetProperty("type").GetString()!;
            case "anthropic":
                Assert.Equal("error", root.GetProperty("type").GetString());
                return error.GetProperty("type").GetString()!;
            default:
                Assert.Equal(JsonValueKind.Number, error.GetProperty("code").ValueKind);
                return error.GetProperty("status").GetString()!;
        }
    }

    /// <summary>An answer that must be an error of the dialect.</summary>
    public static async Task<JsonElement> AssertErrorAsync(string client, int status, string? word, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"status {(int)response.StatusCode} instead of {status}: {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var root = Parse(body);
        var found = ErrorWord(client, root);
        if (word is not null)
        {
            Assert.Equal(word, found);
        }

        Assert.NotEmpty(Header(response, "x-request-id"));
        return root.GetProperty("error");
    }

    /// <summary>A header's value; empty without one.</summary>
    public static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    /// <summary>JSON that outlives its document.</summary>
    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
