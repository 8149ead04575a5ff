using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Engine.EndToEnd.Tests.Clients;

/// <summary>The official Anthropic library for .NET against every upstream dialect.</summary>
public sealed class AnthropicSdkTests(ThreeUpstreams upstreams) : IClassFixture<ThreeUpstreams>
{
    private static readonly Tool Weather = new()
    {
        Name = "get_weather",
        Description = "Current weather in a city",
        InputSchema = new InputSchema
        {
            Properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["city"] = ClientDialects.Parse("""{"type":"string"}""") },
            Required = ["city"],
        },
    };

    public static TheoryData<string> Dialects => [.. UpstreamScripts.Dialects];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_question_is_answered(string upstream)
    {
        var answer = await Client().Messages.Create(Question(upstream));

        Assert.Equal("Hello wörld", TextOf(answer));
        Assert.Equal(StopReason.EndTurn, answer.StopReason!.Value());
        Assert.Equal(7, answer.Usage.InputTokens);
        Assert.Equal(3, answer.Usage.OutputTokens);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_stream_arrives_delta_by_delta_with_usage(string upstream)
    {
        var text = new StringBuilder();
        var (deltas, starts, stops, output, stop) = (0, 0, 0, 0L, default(StopReason?));
        await foreach (var each in Client().Messages.CreateStreaming(Question(upstream)))
        {
            if (each.TryPickContentBlockDelta(out var block) && block.Delta.TryPickText(out var delta))
            {
                deltas++;
                text.Append(delta.Text);
            }
            else if (each.TryPickDelta(out var end))
            {
                stop = end.Delta.StopReason!.Value();
                output = end.Usage.OutputTokens;
            }

            starts += each.TryPickStart(out _) ? 1 : 0;
            stops += each.TryPickStop(out _) ? 1 : 0;
        }

        Assert.Equal("Hello wörld", text.ToString());
        Assert.Equal((2, 1, 1, 3L), (deltas, starts, stops, output));
        Assert.Equal(StopReason.EndTurn, stop);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_tool_is_called_and_its_result_leads_to_the_answer(string upstream)
    {
        var question = Question(upstream, new UserMessageParam("How is the weather in Köln?")) with { Tools = [Weather] };

        var call = await Client().Messages.Create(question);

        Assert.Equal(StopReason.ToolUse, call.StopReason!.Value());
        Assert.True(Assert.Single(call.Content).TryPickToolUse(out var wanted));
        OpenAiSdkTests.AssertIsWeatherInCologne(wanted.Name, JsonSerializer.Serialize(wanted.Input));

        var answer = await Client().Messages.Create(question with { Messages = [.. question.Messages, .. Result(wanted.ID, wanted.Name, wanted.Input)] });

        Assert.Equal(StopReason.EndTurn, answer.StopReason!.Value());
        Assert.Equal("Hello wörld", TextOf(answer));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_streamed_tool_call_comes_in_pieces_that_join_to_json(string upstream)
    {
        var question = Question(upstream, new UserMessageParam("How is the weather in Köln?")) with { Tools = [Weather] };
        var (id, name, input, stop) = ("", "", new StringBuilder(), default(StopReason?));
        await foreach (var each in Client().Messages.CreateStreaming(question))
        {
            if (each.TryPickContentBlockStart(out var start) && start.ContentBlock.TryPickToolUse(out var tool))
            {
                (id, name) = (tool.ID, tool.Name);
            }
            else if (each.TryPickContentBlockDelta(out var block) && block.Delta.TryPickInputJson(out var piece))
            {
                input.Append(piece.PartialJson);
            }
            else if (each.TryPickDelta(out var end))
            {
                stop = end.Delta.StopReason!.Value();
            }
        }

        Assert.Equal(StopReason.ToolUse, stop);
        OpenAiSdkTests.AssertIsWeatherInCologne(name, input.ToString());

        var arguments = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(input.ToString())!;
        var text = new StringBuilder();
        await foreach (var each in Client().Messages.CreateStreaming(question with { Messages = [.. question.Messages, .. Result(id, name, arguments)] }))
        {
            text.Append(each.TryPickContentBlockDelta(out var block) && block.Delta.TryPickText(out var delta) ? delta.Text : "");
        }

        Assert.Equal("Hello wörld", text.ToString());
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_rate_limit_is_the_librarys_own_exception(string upstream)
    {
        await upstreams.Engine.ClearAccountsAsync();
        var fault = await Assert.ThrowsAsync<AnthropicRateLimitException>(() => Client().Messages.Create(Question("limited-" + upstream)));

        Assert.Contains("Rate limit reached", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_rate_limit_of_a_stream_is_the_librarys_own_exception(string upstream) =>
        await Assert.ThrowsAsync<AnthropicRateLimitException>(async () =>
        {
            await foreach (var each in Client().Messages.CreateStreaming(Question("limited-" + upstream)))
            {
                Assert.Fail($"got {each}");
            }
        });

    [Fact]
    public async Task An_unknown_model_is_the_librarys_not_found() =>
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => Client().Messages.Create(Question("limited-openai-chat") with { Model = "no-such-model" }));

    private static MessageCreateParams Question(string upstream, UserMessageParam? question = null) => new()
    {
        Model = upstream + "/m",
        MaxTokens = 64,
        Messages = [question ?? new UserMessageParam("Say hello")],
    };

    private static IEnumerable<MessageParam> Result(string id, string name, IReadOnlyDictionary<string, JsonElement> input) =>
    [
        new AssistantMessageParam(new List<ContentBlockParam> { new ToolUseBlockParam { ID = id, Name = name, Input = input } }),
        new UserMessageParam(new List<ContentBlockParam> { new ToolResultBlockParam(id) { Content = "18 degrees" } }),
    ];

    private static string TextOf(Message message) =>
        string.Concat(message.Content.Select(static block => block.TryPickText(out var text) ? text.Text : throw new InvalidOperationException($"not text: {block}")));

    private AnthropicClient Client() => new()
    {
        ApiKey = "any",
        BaseUrl = upstreams.Engine.BaseAddress.ToString().TrimEnd('/'),
        HttpClient = upstreams.Engine.Http,
        MaxRetries = 0,
    };
}
