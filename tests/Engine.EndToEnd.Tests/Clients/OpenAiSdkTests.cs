using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace Engine.EndToEnd.Tests.Clients;

/// <summary>The official OpenAI library for .NET against every upstream dialect.</summary>
public sealed class OpenAiSdkTests(ThreeUpstreams upstreams) : IClassFixture<ThreeUpstreams>
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather",
        "Current weather in a city",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    public static TheoryData<string> Dialects => [.. UpstreamScripts.Dialects];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_question_is_answered(string upstream)
    {
        ChatCompletion answer = await Client(upstream).CompleteChatAsync("Say hello");

        Assert.Equal("Hello wörld", Assert.Single(answer.Content).Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(7, answer.Usage.InputTokenCount);
        Assert.Equal(3, answer.Usage.OutputTokenCount);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_stream_arrives_delta_by_delta_with_usage(string upstream)
    {
        var text = new StringBuilder();
        var (deltas, finish, usage) = (0, default(ChatFinishReason?), default(ChatTokenUsage));
        await foreach (var update in Client(upstream).CompleteChatStreamingAsync("Say hello"))
        {
            foreach (var part in update.ContentUpdate.Where(static part => part.Text.Length > 0))
            {
                deltas++;
                text.Append(part.Text);
            }

            finish ??= update.FinishReason;
            usage = update.Usage ?? usage;
        }

        Assert.Equal("Hello wörld", text.ToString());
        Assert.Equal(2, deltas);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.Equal(10, usage?.TotalTokenCount);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_tool_is_called_and_its_result_leads_to_the_answer(string upstream)
    {
        var client = Client(upstream);
        var options = new ChatCompletionOptions { Tools = { Weather } };
        List<ChatMessage> history = [new SystemChatMessage("Be brief."), new UserChatMessage("How is the weather in Köln?")];

        ChatCompletion call = await client.CompleteChatAsync(history, options);

        Assert.Equal(ChatFinishReason.ToolCalls, call.FinishReason);
        var wanted = Assert.Single(call.ToolCalls);
        AssertIsWeatherInCologne(wanted.FunctionName, wanted.FunctionArguments.ToString());

        history.Add(new AssistantChatMessage(call));
        history.Add(new ToolChatMessage(wanted.Id, "18 degrees"));
        ChatCompletion answer = await client.CompleteChatAsync(history, options);

        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal("Hello wörld", Assert.Single(answer.Content).Text);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_streamed_tool_call_comes_in_pieces_that_join_to_json(string upstream)
    {
        var client = Client(upstream);
        var options = new ChatCompletionOptions { Tools = { Weather } };
        List<ChatMessage> history = [new UserChatMessage("How is the weather in Köln?")];
        var (id, name, arguments, finish) = ("", "", new StringBuilder(), default(ChatFinishReason?));
        await foreach (var update in client.CompleteChatStreamingAsync(history, options))
        {
            foreach (var piece in update.ToolCallUpdates)
            {
                Assert.Equal(0, piece.Index);
                id = piece.ToolCallId ?? id;
                name = piece.FunctionName ?? name;
                arguments.Append(piece.FunctionArgumentsUpdate);
            }

            finish ??= update.FinishReason;
        }

        Assert.Equal(ChatFinishReason.ToolCalls, finish);
        AssertIsWeatherInCologne(name, arguments.ToString());

        history.Add(new AssistantChatMessage([ChatToolCall.CreateFunctionToolCall(id, name, BinaryData.FromString(arguments.ToString()))]));
        history.Add(new ToolChatMessage(id, "18 degrees"));
        var text = new StringBuilder();
        await foreach (var update in client.CompleteChatStreamingAsync(history, options))
        {
            text.AppendJoin("", update.ContentUpdate.Select(static part => part.Text));
        }

        Assert.Equal("Hello wörld", text.ToString());
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_rate_limit_is_a_429_with_the_wait_the_upstream_asked_for(string upstream)
    {
        await upstreams.Engine.ClearAccountsAsync();
        var fault = await Assert.ThrowsAsync<ClientResultException>(() => Client("limited-" + upstream).CompleteChatAsync("Say hello"));

        Assert.Equal(429, fault.Status);
        Assert.Contains("Rate limit reached", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.GetRawResponse()!.Headers.TryGetValue("retry-after", out var wait));
        Assert.Contains(wait, (string[])["7", "8"]);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_rate_limit_of_a_stream_is_a_429_too(string upstream)
    {
        await upstreams.Engine.ClearAccountsAsync();
        var fault = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            await foreach (var update in Client("limited-" + upstream).CompleteChatStreamingAsync("Say hello"))
            {
                Assert.Fail($"got {update.CompletionId}");
            }
        });

        Assert.Equal(429, fault.Status);
    }

    [Fact]
    public async Task An_unknown_model_is_a_404()
    {
        var client = new ChatClient("no-such-model", new ApiKeyCredential("any"), Options());

        var fault = await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync("Say hello"));

        Assert.Equal(404, fault.Status);
        Assert.Contains("model_not_found", fault.Message, StringComparison.Ordinal);
    }

    internal static void AssertIsWeatherInCologne(string name, string arguments)
    {
        Assert.Equal("get_weather", name);
        var property = Assert.Single(ClientDialects.Parse(arguments).EnumerateObject());
        Assert.Equal(("city", "Köln"), (property.Name, property.Value.GetString()));
    }

    private ChatClient Client(string upstream) => new(upstream + "/m", new ApiKeyCredential("any"), Options());

    private OpenAIClientOptions Options() => new()
    {
        Endpoint = new Uri(upstreams.Engine.BaseAddress, "v1"),
        RetryPolicy = new ClientRetryPolicy(0),
        Transport = new HttpClientPipelineTransport(upstreams.Engine.Http),
    };
}
