using System.Text;
using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.OpenAiChat;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

/// <summary>Every value of a rich document replaced by every other type of value, one at a time: nothing faults.</summary>
public class OpenAiChatRobustnessTests
{
    private const string Answer =
        """
        {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"thinking","thinking":[{"type":"text","text":"t"}]},
         {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}],"reasoning_content":"r","reasoning":"r","reasoning_details":[{"type":"reasoning.text","text":"r","signature":"s","format":"anthropic-claude-v1","index":0},
         {"type":"reasoning.encrypted","data":"d","id":"c1","format":"google-gemini-v1"}],"refusal":"n","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"g"}}},
         {"index":1,"id":"c2","type":"custom","custom":{"name":"h","input":"i"}}],"function_call":{"name":"l","arguments":"{}"},"images":[{"type":"image_url","image_url":{"url":"https://x.test"}}],
         "annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"t","start_index":0,"end_index":1}}],"audio":{"transcript":"s"},"extra_content":{"google":{"thought_signature":"g"}}},
         "finish_reason":"stop","stop_reason":"END","error":null}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":{"cached_tokens":1},"completion_tokens_details":{"reasoning_tokens":1}},
         "error":null,"x_groq":{"usage":{"prompt_tokens":1}}}
        """;

    private const string FullRequest =
        """
        {"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"s"},{"role":"user","name":"n","content":[{"type":"text","text":"t","cache_control":{}},
         {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO","detail":"low"}},{"type":"input_audio","input_audio":{"data":"d","format":"wav"}},{"type":"file","file":{"filename":"f","file_data":"JVBE"}}]},
         {"role":"assistant","content":"a","refusal":"r","reasoning_content":"r","reasoning_details":[{"type":"reasoning.text","text":"r","signature":"s","format":"f"},{"data":"d"}],"images":[{"image_url":{"url":"https://x.test"}}],"audio":{"id":"a"},
         "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"g"}}},{"id":"d","type":"custom","custom":{"name":"h","input":"i"}}]},
         {"role":"tool","tool_call_id":"c","content":"1"},{"role":"function","name":"f","content":null}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},
         {"type":"custom","custom":{"name":"h","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"d"}}}},{"type":"web_search"}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"function":{"name":"f"}}]}},
         "parallel_tool_calls":true,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{},"strict":true}},"reasoning_effort":"low","reasoning":{"effort":"low","exclude":true},"thinking":{"type":"enabled","budget_tokens":1},
         "extra_body":{"google":{"thinking_config":{"thinking_budget":1,"include_thoughts":true}}},"n":1,"stop":["a"],"temperature":1,"max_tokens":1,"seed":1,"user":"u","modalities":["text"],"logprobs":true,"web_search_options":{}}
        """;

    private static readonly string[] Replacements = ["null", "true", "7", "-1.5", "99999999999999999999", "1e999", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "[null]", "[[7]]", "{}", "{\"a\":1}"];

    [Fact]
    public void Any_type_of_value_anywhere_in_an_answer_is_read()
    {
        foreach (var variant in Variants(Answer))
        {
            var streamed = Stream(variant, "[DONE]");
            var whole = Body(variant.Replace("\"delta\"", "\"message\"", StringComparison.Ordinal));

            Assert.True(streamed.Lines[^1] == "end" || streamed.Lines[^1].StartsWith("error", StringComparison.Ordinal), variant);
            Assert.True(whole.Lines[^1] == "end" || whole.Lines[^1].StartsWith("error", StringComparison.Ordinal), variant);
            Assert.Single(streamed.Lines, static line => line == "end" || line.StartsWith("error", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Any_type_of_value_anywhere_in_a_request_is_read_or_refused_by_name()
    {
        int read = 0, refused = 0;
        foreach (var variant in Variants(FullRequest))
        {
            try
            {
                var request = OpenAiChatRequests.Read(variant);
                OpenAiChatRequests.Write(request, "gpt-5");
                OpenAiChatDialect.Instance.ReadHead(new ClientRequest { Body = Encoding.UTF8.GetBytes(variant) });
                read++;
            }
            catch (RequestRejectedException rejected)
            {
                Assert.NotEmpty(rejected.Message);
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Any_type_of_value_anywhere_in_an_error_is_read()
    {
        foreach (var variant in Variants("""[{"error":{"message":"m","type":"t","param":"p","code":"c","status":"UNAVAILABLE","retry_after":1,"metadata":{"raw":"r"},"detail":[{"msg":"m"}]},"detail":"d","code":1,"msg":"m"}]"""))
        {
            Assert.NotEmpty(OpenAiChatErrorReader.Read(400, Encoding.UTF8.GetBytes(variant)).Message);
        }
    }

    [Fact]
    public void A_property_name_with_half_a_surrogate_pair_faults_nothing()
    {
        const string Name = "{\"\\ud83d\":1,";
        const string Request = """{"model":"m","messages":[{"role":"user","content":"\ud83d"}]}""";

        Assert.Equal("text#0 \"a\"", Content(Stream(Name + Chunk("""{"content":"a"}""", "stop")[1..], "[DONE]")));
        Assert.Null(OpenAiChatRequests.Rejected(Name + Request[1..]).Rejection.Param);
        Assert.Equal("""\ud83d""", ((TextPart)OpenAiChatRequests.Read(Request).Turns[0].Parts[0]).Text.ToString());
    }

    private static IEnumerable<string> Variants(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        foreach (var (start, length) in Values(bytes))
        {
            foreach (var replacement in Replacements)
            {
                yield return Encoding.UTF8.GetString(bytes, 0, start) + replacement + Encoding.UTF8.GetString(bytes, start + length, bytes.Length - start - length);
            }
        }
    }

    private static List<(int Start, int Length)> Values(byte[] json)
    {
        var values = new List<(int, int)>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                continue;
            }

            var inner = reader;
            inner.Skip();
            values.Add(((int)reader.TokenStartIndex, (int)(inner.BytesConsumed - reader.TokenStartIndex)));
        }

        return values;
    }
}
