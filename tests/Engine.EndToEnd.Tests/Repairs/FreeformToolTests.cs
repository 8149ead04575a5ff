using Engine.Testing;

namespace Engine.EndToEnd.Tests.Repairs;

/// <summary>A custom tool of an OpenAI client is a function for other upstreams, and its call custom again for the client.</summary>
public sealed class FreeformToolTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_comes_back_as_a_custom_call(bool stream)
    {
        await using var scripted = new ScriptedUpstream(exchange => stream
            ? exchange.StreamAsync(
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n",
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"apply\",\"input\":{}}}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"input\\\": \\\"*** Be\"}}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"gin\\\\n\\\"}\"}}\n\n",
                "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
                "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":3}}\n\n",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
            : exchange.JsonAsync(200, """
                {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"tool_use","id":"toolu_1","name":"apply","input":{"input":"*** Begin\n"}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":3}}
                """));
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", "anthropic", scripted.BaseUrl));
        var body = $$$"""{"model":"u/m","stream":{{{(stream ? "true" : "false")}}},"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"custom","custom":{"name":"apply","description":"d"}}]}""";

        using var response = await engine.Http.SendAsync(ClientDialects.Send("openai-chat", "u/m", stream, body));
        var answer = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"type\":\"custom\",\"custom\":{\"name\":\"apply\",\"input\":\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"input\":\"*** Begin\\n\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"tool_calls\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\"function\"", answer, StringComparison.Ordinal);
        Assert.Contains("\"input_schema\"", Assert.Single(scripted.Exchanges).Text, StringComparison.Ordinal);
        Assert.Empty(scripted.Faults);
    }
}
