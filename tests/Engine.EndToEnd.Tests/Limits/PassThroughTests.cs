using Engine.Testing;

namespace Engine.EndToEnd.Tests.Limits;

/// <summary>Where client and upstream share the dialect, bytes are not touched.</summary>
public sealed class PassThroughTests
{
    public static TheoryData<string, string> Bodies => new()
    {
        { "openai-chat", "{ \"future\" : [1,2.50,{\"a\":\"\\u00e9\\/\"}],\r\n\t\"model\":  \"MODEL\" , \"messages\":[{\"role\":\"user\",\"content\":\"Say  hello\",\"x\":null}], \"seed\":1e3 }\n" },
        { "anthropic", "{\"max_tokens\": 64,\n  \"messages\":[ {\"role\":\"user\",\"content\":[{\"type\":\"future_block\",\"n\":1.0}]} ],\"model\":\"MODEL\",\"\\u0078\":true}" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task An_alias_changes_the_models_name_and_no_other_byte(string dialect, string body)
    {
        await using var upstream = new ScriptedUpstream(exchange => exchange.JsonAsync(200, "{}"));
        await using var engine = await EngineUnderTest.StartAsync(
            "engine.routing.max-wait = 0s\n" + EngineUnderTest.Upstream("u", dialect, upstream.BaseUrl, models: """{ id = "big-model", alias = quick }"""));

        foreach (var name in (string[])["quick", "u/quick", "big-model"])
        {
            await engine.ClearAccountsAsync();
            using var response = await engine.Http.SendAsync(ClientDialects.Send(dialect, name, stream: false, body.Replace("MODEL", name, StringComparison.Ordinal)));
        }

        Assert.Equal(3, upstream.Exchanges.Count);
        Assert.All(upstream.Exchanges, exchange => Assert.Equal(body.Replace("MODEL", "big-model", StringComparison.Ordinal), exchange.Text));
    }

    [Fact]
    public async Task An_alias_changes_geminis_path_and_no_byte_of_the_body()
    {
        const string Body = "{ \"contents\" :[{\"parts\":[{\"text\":\"Say\\u0020hello\",\"future\":{}}]}],\n\"generationConfig\":{\"temperature\":1.0} }";
        await using var upstream = new ScriptedUpstream(exchange => exchange.JsonAsync(200, "{}"));
        await using var engine = await EngineUnderTest.StartAsync(
            "engine.routing.max-wait = 0s\n" + EngineUnderTest.Upstream("u", "gemini", upstream.BaseUrl, models: """{ id = "big-model", alias = quick }"""));

        using var response = await engine.Http.SendAsync(ClientDialects.Send("gemini", "quick", stream: false, Body));

        var received = Assert.Single(upstream.Exchanges);
        Assert.Equal(("/v1beta/models/big-model:generateContent", Body), (received.Target, received.Text));
    }

    [Theory]
    [InlineData("openai-chat", "{ \"id\":\"c1\",\n \"choices\" : [ {\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"h\\u00e9\"},\"finish_reason\":\"stop\"} ],\"future\":1.50 }\n")]
    [InlineData("anthropic", "{ \"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\n\"content\":[{\"type\":\"text\",\"text\":\"h\\u00e9\"},{\"type\":\"future\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1} }")]
    [InlineData("gemini", "{\n  \"candidates\": [ {\"content\":{\"parts\":[{\"text\":\"h\\u00e9\",\"future\":[]}],\"role\":\"model\"},\"finishReason\":\"STOP\"} ]\n}\n")]
    public async Task A_whole_answer_arrives_byte_for_byte(string dialect, string body)
    {
        await using var upstream = new ScriptedUpstream(exchange => exchange.JsonAsync(200, body));
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", dialect, upstream.BaseUrl));

        using var response = await engine.Http.SendAsync(ClientDialects.Ask(dialect, "m", stream: false));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Each), MemberType = typeof(ClientDialects))]
    public async Task A_stream_arrives_byte_for_byte_with_comments_and_events_nobody_knows(string dialect)
    {
        var stream = ": warming up\n\nevent: future\nid: 7\ndata: " + FutureEvent(dialect) + "\n\n" + UpstreamScripts.WholeText(dialect);
        await using var upstream = new ScriptedUpstream(async exchange =>
        {
            await exchange.StartAsync();
            foreach (var part in stream.Chunk(37))
            {
                await exchange.SendAsync(new string(part));
            }

            await exchange.EndAsync();
        });
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", dialect, upstream.BaseUrl));

        using var response = await engine.Http.SendAsync(ClientDialects.Ask(dialect, "m", stream: true));

        Assert.Equal(stream, await response.Content.ReadAsStringAsync());
        Assert.Empty(upstream.Faults);
    }

    private static string FutureEvent(string dialect) => dialect switch
    {
        "openai-chat" => """{"id":"c1","choices":[],"future":{"a":1.50}}""",
        "anthropic" => """{"type":"future","a":1.50}""",
        _ => """{"future":{"a":1.50}}""",
    };
}
