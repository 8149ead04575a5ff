using Engine.Testing;

namespace Engine.EndToEnd.Tests.Repairs;

/// <summary>A stop sequence that the upstream does not take is watched for by the engine, and what it ends, it ends upstream too.</summary>
public sealed class StopSequenceTests
{
    // OpenAI takes four stop sequences; the fifth is the engine's to find.
    private const string FiveStops = "\"stop_sequences\":[\"1\",\"2\",\"3\",\"4\",\"STOP\"]";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_upstream_call_is_cancelled_and_the_answer_is_whole(bool stream)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scripted = new ScriptedUpstream(async exchange =>
        {
            await exchange.StartAsync();
            await exchange.SendAsync(Chunk("Hello ST"));
            await exchange.SendAsync(Chunk("OP and more"));

            // Neither ends nor closes: only the engine can.
            await exchange.ClosedByEngineAsync(EngineUnderTest.Patience);
            closed.TrySetResult();
        });
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", "openai-chat", scripted.BaseUrl));
        var body = $$"""{"model":"u/m","stream":{{(stream ? "true" : "false")}},"max_tokens":64,{{FiveStops}},"messages":[{"role":"user","content":"Hi"}]}""";

        using var response = await engine.Http.SendAsync(ClientDialects.Send("anthropic", "u/m", stream, body));
        var answer = await response.Content.ReadAsStringAsync();

        await closed.Task.WaitAsync(EngineUnderTest.Patience);
        Assert.Contains("\"stop_reason\":\"stop_sequence\",\"stop_sequence\":\"STOP\"", answer, StringComparison.Ordinal);
        Assert.Contains("Hello", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("more", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("error", answer, StringComparison.Ordinal);
        Assert.Equal(stream, answer.TrimEnd().EndsWith("data: {\"type\":\"message_stop\"}", StringComparison.Ordinal));
        Assert.Single(scripted.Exchanges);
        Assert.Empty(scripted.Faults);
    }

    private static string Chunk(string text) =>
        $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""" + "\n\n";
}
