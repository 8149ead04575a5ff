using System.Text;
using Engine.Host.Recording;

namespace Engine.Host.Tests.Recording;

public class RequestFactsReaderTests
{
    [Theory]
    // OpenAI chat
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""", RequestFeatures.None, "", 1, "Hi")]
    [InlineData("""{"messages":[{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"x"}}]}]}""", RequestFeatures.ImageIn, "", 2, "a")]
    [InlineData("""{"messages":[{"role":"user","content":"old"},{"role":"assistant","content":"x"},{"role":"user","content":"new"}]}""", RequestFeatures.None, "", 3, "new")]
    [InlineData("""{"messages":[],"tools":[{"type":"function","function":{"name":"b"}},{"type":"custom","custom":{"name":"a"}}]}""", RequestFeatures.Tools | RequestFeatures.ManyTools, "a,b", 0, "")]
    [InlineData("""{"messages":[],"tools":[{"type":"function","function":{"name":"b"}}],"tool_choice":"none"}""", RequestFeatures.None, "", 0, "")]
    [InlineData("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[]},{"role":"tool","content":"r"}]}""", RequestFeatures.ToolResults, "", 3, "")]
    [InlineData("""{"messages":[{"role":"assistant"},{"role":"tool","content":"r"},{"role":"assistant","content":"done"},{"role":"user","content":"and?"}]}""", RequestFeatures.None, "", 4, "and?")]
    [InlineData("""{"messages":[],"reasoning_effort":"low","response_format":{"type":"json_object"},"modalities":["text","image"],"stream_options":{"include_usage":true}}""", RequestFeatures.Thinking | RequestFeatures.Structured | RequestFeatures.ImageOut | RequestFeatures.StreamUsage, "", 0, "")]
    [InlineData("""{"messages":[],"reasoning_effort":"none","response_format":{"type":"text"}}""", RequestFeatures.None, "", 0, "")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{}}]}]}""", RequestFeatures.FileIn, "", 1, "")]
    // Anthropic
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image","source":{}},{"type":"document","source":{}}]}],"thinking":{"type":"adaptive"}}""", RequestFeatures.ImageIn | RequestFeatures.FileIn | RequestFeatures.Thinking, "", 1, "")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}],"tools":[{"name":"f"}],"tool_choice":{"type":"auto"}}""", RequestFeatures.ToolResults | RequestFeatures.Tools, "f", 1, "")]
    [InlineData("""{"messages":[],"thinking":{"type":"disabled"},"tools":[{"name":"f"}],"tool_choice":{"type":"none"}}""", RequestFeatures.None, "", 0, "")]
    [InlineData("""{"messages":[],"output_config":{"format":{"type":"json_schema"}}}""", RequestFeatures.Structured, "", 0, "")]
    // Gemini, both spellings
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"a"},{"inlineData":{"mimeType":"image/png"}},{"inline_data":{"mime_type":"application/pdf"}}]}]}""", RequestFeatures.ImageIn | RequestFeatures.FileIn, "", 1, "a")]
    [InlineData("""{"contents":[{"role":"model","parts":[{"functionCall":{}}]},{"role":"user","parts":[{"functionResponse":{}}]}],"tools":[{"functionDeclarations":[{"name":"x"},{"name":"y"}]},{"googleSearch":{}}]}""", RequestFeatures.ToolResults | RequestFeatures.Tools | RequestFeatures.ManyTools, "x,y", 2, "")]
    [InlineData("""{"contents":[],"generationConfig":{"thinkingConfig":{"thinkingBudget":0},"responseMimeType":"application/json","responseModalities":["Image"]}}""", RequestFeatures.Structured | RequestFeatures.ImageOut, "", 0, "")]
    [InlineData("""{"contents":[],"generation_config":{"thinking_config":{"thinking_level":"low"}}}""", RequestFeatures.Thinking, "", 0, "")]
    [InlineData("""{"contents":[],"tools":[{"function_declarations":[{"name":"x"}]}],"toolConfig":{"functionCallingConfig":{"mode":"NONE"}}}""", RequestFeatures.None, "", 0, "")]
    // envelopes and the others
    [InlineData("""{"model":"m","request":{"contents":[{"role":"user","parts":[{"text":"a"}]}]}}""", RequestFeatures.None, "", 1, "a")]
    [InlineData("""{"input":"Hi","tools":[{"type":"function","name":"f"}],"reasoning":{"effort":"high"}}""", RequestFeatures.Tools | RequestFeatures.Thinking, "f", 1, "Hi")]
    [InlineData("""{"input":[{"type":"function_call"},{"type":"function_call_output","output":"r"}]}""", RequestFeatures.ToolResults, "", 2, "")]
    [InlineData("""{"messages":[{"role":"user","content":"a","images":["b64"]}],"think":true}""", RequestFeatures.ImageIn | RequestFeatures.Thinking, "", 1, "a")]
    public void Facts_are_found_by_rule(string body, object features, string tools, int turns, string last)
    {
        Assert.True(RequestFactsReader.TryRead(Encoding.UTF8.GetBytes(body), out var facts));
        Assert.Equal((RequestFeatures)features, facts.Features);
        Assert.Equal(tools, string.Join(',', facts.ToolNames));
        Assert.Equal((turns, last, true), (facts.Turns, facts.LastText, facts.Known));
    }

    [Theory]
    [InlineData("""{"model":"models/m","stream":true}""", "m", true)]
    [InlineData("""{"model":"m","stream":false}""", "m", false)]
    [InlineData("""{"model":7,"stream":"yes"}""", null, null)]
    public void Model_and_stream_are_read_as_they_stand(string body, string? model, bool? streams)
    {
        Assert.True(RequestFactsReader.TryRead(Encoding.UTF8.GetBytes(body), out var facts));
        Assert.Equal((model, streams), (facts.Model, facts.Streams));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("text")]
    [InlineData("""{"model":"\ud800"}""")]
    public void A_body_that_is_no_json_object_has_no_facts(string body) =>
        Assert.False(RequestFactsReader.TryRead(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void An_empty_body_is_unknown_and_fine()
    {
        Assert.True(RequestFactsReader.TryRead(default, out var facts));
        Assert.False(facts.Known);
    }

    [Fact]
    public void The_last_text_is_cut()
    {
        var body = $$"""{"messages":[{"role":"user","content":"{{new string('a', 5000)}}"}]}""";
        Assert.True(RequestFactsReader.TryRead(Encoding.UTF8.GetBytes(body), out var facts));
        Assert.Equal(RequestFacts.MaxLastText, facts.LastText.Length);
    }
}
