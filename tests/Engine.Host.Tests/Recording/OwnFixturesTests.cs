using System.Text;
using System.Text.Json;
using Engine.Host.Recording;
using Engine.Testing;

namespace Engine.Host.Tests.Recording;

/// <summary>The repository's own fixtures: what the demo answers.</summary>
public class OwnFixturesTests
{
    private static readonly string Folder = Repository.PathOf("fixtures");
    private static readonly FixtureLibrary Library = FixtureLibrary.Load(Folder);

    public static TheoryData<string> Names => [.. Library.Fixtures.Select(f => f.Name)];

    [Fact]
    public void All_load_and_all_are_in_the_manifest()
    {
        Assert.Empty(Library.Faults);
        var listed = File.ReadLines(Path.Combine(Folder, "MANIFEST.csv")).Skip(1).Select(row => row.Split(',')[0]);
        Assert.Equal(listed.Order(StringComparer.Ordinal), Library.Fixtures.Select(f => f.Name + FixtureLibrary.ResponseSuffix));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_is_well_formed_and_holds_no_secret(string name)
    {
        var body = (await Library.ReadBodyAsync(Find(name), TestContext.Current.CancellationToken))!.Value.ToArray();
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
        if (Find(name).Form == AnswerForm.Sse)
        {
            var datas = text.ReplaceLineEndings("\n").Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l[6..]).ToArray();
            Assert.NotEmpty(datas);
            foreach (var data in datas.Where(d => d is not "[DONE]"))
            {
                JsonDocument.Parse(data).Dispose();
            }
        }
        else
        {
            JsonDocument.Parse(text).Dispose();
        }

        var stripped = body.ToArray();
        new SecretStripper([], "/").StripBody(stripped, isError: true);
        Assert.Equal(body, stripped);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_alone_answers_the_request_it_was_recorded_with(string name)
    {
        var path = Path.Combine(Folder, name + FixtureLibrary.RequestSuffix);
        Assert.True(FixtureReader.TryReadRequest(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), out var request, out var problem), problem);
        var upstream = new ReplayUpstream(Library, ReplaySpeed.Max, new ManualTimeProvider());
        for (var turn = 0; turn < 3; turn++)
        {
            await using var answer = await upstream.SendAsync(
                new ReplayRequest(request.Method, request.Target, request.Headers, request.Body), TestContext.Current.CancellationToken);
            Assert.Equal(name, answer.FixtureName);
        }
    }

    [Fact]
    public void Each_demo_model_answers_in_every_dialect_streamed_and_whole()
    {
        foreach (var dialect in (FixtureDialect[])[FixtureDialect.OpenAiChat, FixtureDialect.Anthropic, FixtureDialect.Gemini])
        {
            foreach (var model in (string[])["demo", "demo-thinking", "demo-tools", "demo-image"])
            {
                foreach (var form in (AnswerForm[])[AnswerForm.Sse, AnswerForm.Whole])
                {
                    Assert.Contains(Library.Candidates(dialect, FixtureOperation.Generate), f => f.Model == model && f.Form == form && !f.IsFailure);
                }
            }

            Assert.Single(Library.Candidates(dialect, FixtureOperation.ListModels));
            foreach (var model in (string[])["demo-error-429", "demo-error-401", "demo-error-overloaded", "demo-error-stream", "demo-error-truncated", "demo-error-reset"])
            {
                Assert.True(Assert.Single(Library.Candidates(dialect, FixtureOperation.Generate), f => f.Model == model).IsFailure);
            }
        }
    }

    [Theory]
    // dialect, model, the rest of the request, the recording that answers
    [InlineData("openai", "demo", "", "openai-chat/engine.u.demo.text.0")]
    [InlineData("openai", "demo", """ "stream":true""", "openai-chat/engine.s.demo.text-no-usage.0")]
    [InlineData("openai", "demo", """ "stream":true,"stream_options":{"include_usage":true}""", "openai-chat/engine.s.demo.text.0")]
    [InlineData("openai", "demo-thinking", """ "reasoning_effort":"high","stream":true""", "openai-chat/engine.s.demo-thinking.thinking-no-usage.0")]
    [InlineData("openai", "demo-tools", "", "openai-chat/engine.u.demo-tools.no-tools.0")]
    [InlineData("openai", "demo-tools", """ "tools":[{"type":"function","function":{"name":"get_weather"}}]""", "openai-chat/engine.u.demo-tools.call.0")]
    [InlineData("openai", "demo-tools", """ "tools":[{"type":"function","function":{"name":"get_weather"}},{"type":"function","function":{"name":"get_time"}}]""", "openai-chat/engine.u.demo-tools.parallel.0")]
    [InlineData("openai", "demo-image", "", "openai-chat/engine.u.demo-image.image.0")]
    [InlineData("openai", "demo-image", """ "modalities":["image"]""", "openai-chat/engine.u.demo-image.image.0")]
    [InlineData("anthropic", "demo", """ "max_tokens":9,"system":"s","thinking":{"type":"adaptive"},"tools":[{"name":"Bash"},{"name":"Read"}],"stream":true""", "anthropic/engine.s.demo.text.0")]
    [InlineData("anthropic", "demo-tools", """ "tools":[{"name":"get_weather"},{"name":"other"}]""", "anthropic/engine.u.demo-tools.call.0")]
    [InlineData("anthropic", "demo-tools", """ "tools":[{"name":"other"}]""", "anthropic/engine.u.demo-tools.no-tools.0")]
    [InlineData("anthropic", "demo-thinking", "", "anthropic/engine.u.demo-thinking.thinking.0")]
    [InlineData("anthropic", "demo-error-overloaded", """ "stream":true""", "errors/anthropic.engine.529.demo-error-overloaded.0")]
    public async Task What_a_newcomer_asks_is_answered_by_the_recording_made_for_it(string dialect, string model, string rest, string expected)
    {
        var comma = rest.Length > 0 ? "," : "";
        var body = $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Something of my own"}]{{comma}}{{rest}}}""";
        var target = dialect == "openai" ? "/v1/chat/completions" : "/v1/messages";
        var upstream = new ReplayUpstream(Library, ReplaySpeed.Max, new ManualTimeProvider());
        for (var turn = 0; turn < 3; turn++)
        {
            await using var answer = await upstream.SendAsync(new ReplayRequest("POST", target, [], Encoding.UTF8.GetBytes(body)), TestContext.Current.CancellationToken);
            Assert.Equal(expected, answer.FixtureName);
        }
    }

    private static Fixture Find(string name) => Library.Fixtures.First(f => f.Name == name);
}
