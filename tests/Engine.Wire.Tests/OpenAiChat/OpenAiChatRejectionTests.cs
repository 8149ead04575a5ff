using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatRequests;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatRejectionTests
{
    [Theory]
    [InlineData("""{"role":"user"}""", "messages[0].content")]
    [InlineData("""{"content":"hi"}""", "messages[0].role")]
    [InlineData("""{"role":"robot","content":"hi"}""", "messages[0].role")]
    [InlineData("""{"role":"user","content":7}""", "messages[0].content")]
    [InlineData("""{"role":"user","content":"a"},7""", "messages[1]")]
    [InlineData("""{"role":"user","content":["a"]}""", "messages[0].content[0]")]
    [InlineData("""{"role":"user","content":[{"text":"a"}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role":"user","content":[{"type":"text"}]}""", "messages[0].content[0].text")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":7}]}""", "messages[0].content[0].text")]
    [InlineData("""{"role":"user","content":[{"type":"hologram"}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role":"user","content":"a"},{"role":"user","content":"a"},{"role":"user","content":[{"type":"image_url","image_url":{"url":7}}]}""", "messages[2].content[0].image_url.url")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{}}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png,raw"}}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.test","detail":"huge"}}]}""", "messages[0].content[0].image_url.detail")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklG"}}]}""", "messages[0].content[0].input_audio.format")]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{"filename":"a"}}]}""", "messages[0].content[0].file")]
    [InlineData("""{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://x.test"}}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role":"tool","content":"1"}""", "messages[0].tool_call_id")]
    [InlineData("""{"role":"function","content":"1"}""", "messages[0].name")]
    [InlineData("""{"role":"assistant","tool_calls":{}}""", "messages[0].tool_calls")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"a","type":"function"}]}""", "messages[0].tool_calls[0].function")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"a","function":{"arguments":"{}"}}]}""", "messages[0].tool_calls[0].function.name")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":7}}]}""", "messages[0].tool_calls[0].function.arguments")]
    public void A_faulty_message_is_named_by_its_path(string messages, string path) =>
        Assert.Equal((path, ErrorKind.Invalid), Naming(Rejected($$"""{"model":"m","messages":[{{messages}}]}""")));

    [Theory]
    [InlineData("\"stream\":\"yes\"", "stream")]
    [InlineData("\"stream_options\":7", "stream_options")]
    [InlineData("\"temperature\":\"hot\"", "temperature")]
    [InlineData("\"max_tokens\":1.5", "max_tokens")]
    [InlineData("\"max_completion_tokens\":0", "max_completion_tokens")]
    [InlineData("\"n\":0", "n")]
    [InlineData("\"n\":129", "n")]
    [InlineData("\"stop\":7", "stop")]
    [InlineData("\"stop\":[\"a\",7]", "stop[1]")]
    [InlineData("\"tools\":{}", "tools")]
    [InlineData("\"tools\":[7]", "tools[0]")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "tools[0].function")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{}}]", "tools[0].function.name")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"\"}}]", "tools[0].function.name")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":[]}}]", "tools[0].function.parameters")]
    [InlineData("\"tool_choice\":\"maybe\"", "tool_choice")]
    [InlineData("\"tool_choice\":7", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"function\"}", "tool_choice.function")]
    [InlineData("\"tool_choice\":{\"type\":\"other\"}", "tool_choice.type")]
    [InlineData("\"response_format\":{\"type\":\"xml\"}", "response_format.type")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format.json_schema")]
    [InlineData("\"reasoning_effort\":\"enormous\"", "reasoning_effort")]
    [InlineData("\"reasoning\":{\"effort\":\"enormous\"}", "reasoning.effort")]
    [InlineData("\"thinking\":{\"type\":\"often\"}", "thinking.type")]
    [InlineData("\"user\":7", "user")]
    public void A_faulty_option_is_named_by_its_path(string field, string path) =>
        Assert.Equal((path, ErrorKind.Invalid), Naming(Rejected($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],{{field}}}""")));

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","messages":[]}""", "messages")]
    [InlineData("""{"model":"m","messages":{}}""", "messages")]
    [InlineData("""{"model":""", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    public void A_body_that_is_no_request_is_refused(string body, string? path) => Assert.Equal(path, Rejected(body).Rejection.Param);

    [Fact]
    public void The_message_names_the_field_and_the_allowed_values() => Assert.Equal(
        "Invalid value for 'reasoning_effort': 'enormous'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh' and 'max'.",
        Rejected("""{"model":"m","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"enormous"}""").Message);

    [Fact]
    public void Pitfall_109_No_answers_at_all_are_refused_and_several_are_kept()
    {
        Assert.Equal("n", Rejected("""{"model":"m","messages":[{"role":"user","content":"hi"}],"n":0}""").Rejection.Param);
        Assert.Equal(3, With("\"n\":3").Candidates);
    }

    private static (string?, ErrorKind) Naming(RequestRejectedException fault)
    {
        Assert.Contains(fault.Rejection.Param!, fault.Message, StringComparison.Ordinal);
        return (fault.Rejection.Param, fault.Rejection.Kind);
    }
}
