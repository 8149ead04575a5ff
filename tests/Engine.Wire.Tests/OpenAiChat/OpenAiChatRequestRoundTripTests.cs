using System.Text.Json;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatRequests;

namespace Engine.Wire.Tests.OpenAiChat;

/// <summary>A request that this dialect reads is written as the same request, for every field the tree holds.</summary>
public class OpenAiChatRequestRoundTripTests
{
    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"system","content":"be"},{"role":"user","content":"hi \"\u00e9\" \/"}]}""")]
    [InlineData("""{"model":"gpt-5","messages":[{"role":"developer","content":"be"},{"role":"user","content":"hi"},{"role":"developer","content":"later"}],"reasoning_effort":"high","max_completion_tokens":5}""")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true},"temperature":0.5,"top_p":1,"n":2,"stop":["x"],"seed":7,"user":"u","presence_penalty":0.5,"frequency_penalty":-0.5,"max_completion_tokens":100}""")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO","detail":"low"}},{"type":"image_url","image_url":{"url":"https://x.test/a.png"}},{"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}}]}]}""")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1.0}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"2"},{"role":"assistant","content":"done","refusal":"no"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{}},"strict":true}},{"type":"function","function":{"name":"g","parameters":{"type":"object"}}}],"tool_choice":"auto","parallel_tool_calls":true}""")]
    [InlineData("""{"model":"gpt-5","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"custom","custom":{"name":"apply","input":"*** Begin"}}]},{"role":"tool","tool_call_id":"a","content":"ok"}],"tools":[{"type":"custom","custom":{"name":"apply","description":"d"}}],"tool_choice":{"type":"custom","custom":{"name":"apply"}}}""")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}},"response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{"type":"object"},"strict":true}},"logit_bias":{"1":2},"metadata":{"a":"b"},"web_search_options":{}}""")]
    [InlineData("""{"model":"deepseek-chat","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"reasoning_content":"plan","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":""}],"thinking":{"type":"enabled"},"max_tokens":5,"top_k":3}""")]
    [InlineData("""{"model":"anthropic/claude-opus-5","messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":"a","reasoning_details":[{"type":"reasoning.text","text":"plan","signature":"s1","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"ZW5j","format":"anthropic-claude-v1","index":1}]}]}""")]
    [InlineData("""{"model":"gemini-3-pro","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"EpIB"}}}]},{"role":"tool","tool_call_id":"a","content":"1"}]}""")]
    public void What_was_read_is_written(string body)
    {
        var request = Read(body);

        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(body).RootElement, JsonDocument.Parse(Write(request, request.Model)).RootElement), Write(request, request.Model));
    }
}
