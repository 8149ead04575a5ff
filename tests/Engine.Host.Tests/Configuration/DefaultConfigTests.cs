using Engine.Host.Configuration;
using Engine.Testing;

namespace Engine.Host.Tests.Configuration;

public sealed class DefaultConfigTests
{
    private static readonly string File = Repository.PathOf("config", "engine.hocon");

    [Fact]
    public void Without_any_key_the_demo_answers()
    {
        var options = Load();

        var replay = Assert.Single(options.Upstreams);
        Assert.Equal(("replay", Repository.PathOf("fixtures")), (replay.Name, replay.Replay!.Fixtures));
        Assert.Equal(["demo", "demo-thinking", "demo-tools", "demo-image"], replay.Models.Select(model => model.Id));
        Assert.Equal(["openai", "anthropic", "gemini"], options.InactiveUpstreams.Select(upstream => upstream.Name));
        Assert.Equal("http://127.0.0.1:8045", Assert.Single(options.Server.Listen).ToString());
        Assert.Equal((AccessMode.Auto, 0), (options.Access.Mode, options.Access.Keys.Length));
    }

    [Theory]
    [InlineData("OPENAI_API_KEY", "openai", UpstreamDialect.OpenAiChat, "https://api.openai.com/v1")]
    [InlineData("ANTHROPIC_API_KEY", "anthropic", UpstreamDialect.Anthropic, "https://api.anthropic.com/")]
    [InlineData("GEMINI_API_KEY", "gemini", UpstreamDialect.Gemini, "https://generativelanguage.googleapis.com/")]
    [InlineData("GOOGLE_API_KEY", "gemini", UpstreamDialect.Gemini, "https://generativelanguage.googleapis.com/")]
    public void Each_provider_is_active_when_its_variable_holds_a_key(string variable, string name, object dialect, string baseUrl)
    {
        var upstream = Assert.Single(Load((variable, "sk-x"), (variable == "GOOGLE_API_KEY" ? "GEMINI_API_KEY" : "NONE", "")).Upstreams, upstream => upstream.Name != "replay");

        Assert.Equal((name, dialect, baseUrl), (upstream.Name, upstream.Dialect, upstream.BaseUrl!.AbsoluteUri));
        Assert.Equal("sk-x", Assert.Single(upstream.Accounts).ApiKey!.Reveal());
        Assert.True(upstream.Discover && upstream.Models.Length > 3);
    }

    [Theory]
    [InlineData("OPENAI_BASE_URL", "openai")]
    [InlineData("ANTHROPIC_BASE_URL", "anthropic")]
    [InlineData("GEMINI_BASE_URL", "gemini")]
    public void Each_address_can_be_overridden(string variable, string name)
    {
        var options = Load((variable, "http://127.0.0.1:9/x"));

        Assert.Equal("http://127.0.0.1:9/x", options.InactiveUpstreams.Single(upstream => upstream.Name == name).BaseUrl!.AbsoluteUri);
    }

    [Fact]
    public void A_skipped_account_is_one_line()
    {
        var result = ConfigLoad.Load(File, [], _ => null);

        Assert.Equal(3, result.Notices.Count(notice => notice.Message.Contains("is skipped", StringComparison.Ordinal)));
        Assert.Equal(3, result.Notices.Count(notice => notice.Message.Contains("is inactive", StringComparison.Ordinal)));
        Assert.Equal(6, result.Notices.Count);
    }

    private static EngineOptions Load(params (string Name, string Value)[] environment)
    {
        var result = ConfigLoad.Load(File, [], name => Array.Find(environment, variable => variable.Name == name).Value);
        Assert.Empty(result.Faults);
        return result.Options!;
    }
}
