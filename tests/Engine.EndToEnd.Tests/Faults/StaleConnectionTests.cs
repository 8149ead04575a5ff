using Engine.Testing;

namespace Engine.EndToEnd.Tests.Faults;

public sealed class StaleConnectionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kept_connection_that_breaks_before_any_byte_is_replaced_without_another_account(bool reset)
    {
        var calls = 0;
        await using var upstream = new ScriptedUpstream(exchange =>
        {
            if (Interlocked.Increment(ref calls) != 2)
            {
                return UpstreamScripts.TextAsync("openai-chat", exchange);
            }

            (reset ? (Action)exchange.Reset : exchange.Close)();
            return Task.CompletedTask;
        });
        await using var engine = await EngineUnderTest.StartAsync(EngineUnderTest.Upstream("u", "openai-chat", upstream.BaseUrl));
        for (var i = 0; i < 2; i++)
        {
            using var response = await engine.Http.SendAsync(ClientDialects.Ask("anthropic", "m", stream: true));

            StreamSeen.AssertWhole("anthropic", "Hello wörld", await response.Content.ReadAsStringAsync());
            Assert.Equal("1", ClientDialects.Header(response, "x-engine-attempts"));
        }

        Assert.Equal(3, calls);
        Assert.Equal(2, upstream.Connections);
        Assert.Empty(upstream.Faults);
    }
}
