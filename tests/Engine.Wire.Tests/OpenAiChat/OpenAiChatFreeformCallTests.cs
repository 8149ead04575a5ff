using Engine.Wire.Completion;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

/// <summary>A custom tool called on an upstream that has functions only: its call is custom again for the client.</summary>
public class OpenAiChatFreeformCallTests
{
    private static readonly AnswerContext Freeform = Context with { FreeformTools = new HashSet<string>(["apply"], StringComparer.Ordinal) };

    [Theory]
    [InlineData("""json#0 {"input":"*** a\n\"b\" \u00e9"}""", """*** a\n\"b\" \u00e9""")]
    [InlineData("""args#0 "{\"in" """ + "\n" + """args#0 "put\":\"a\\n\\\"b\"}" """, """a\n\"b""")]
    [InlineData("""json#0 {"input":""}""", "")]
    [InlineData("""json#0 {"text":1}""", """{\"text\":1}""")]
    [InlineData("""args#0 "not json" """, "not json")]
    [InlineData("""json#0 {"other":{"input":"x"},"input":"y"}""", "y")]
    public void The_input_comes_out_of_its_object_streamed_and_whole(string arguments, string input)
    {
        var transcript = $"start \"u1\" \"up\"\ntool+#0 \"c1\" \"apply\"\n{arguments.Trim()}\ntool-#0\nfinish ToolCalls \"\" \"\" \"\"\nend";
        var events = Events(Write(transcript, Freeform));

        Assert.Contains("\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"custom\",\"custom\":{\"name\":\"apply\",\"input\":\"\"}}]", events[1], StringComparison.Ordinal);
        Assert.Contains($"\"tool_calls\":[{{\"index\":0,\"custom\":{{\"input\":\"{input}\"}}}}]", events[2], StringComparison.Ordinal);
        Assert.Equal(5, events.Count);
        Assert.Contains(
            $"\"tool_calls\":[{{\"id\":\"c1\",\"type\":\"custom\",\"custom\":{{\"name\":\"apply\",\"input\":\"{input}\"}}}}]", WriteBody(transcript, Freeform), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_without_arguments_has_no_input()
    {
        const string Transcript = "start \"u1\" \"up\"\ntool+#0 \"c1\" \"apply\"\ntool-#0\nfinish ToolCalls \"\" \"\" \"\"\nend";

        Assert.Equal(4, Events(Write(Transcript, Freeform)).Count);
        Assert.Contains("\"custom\":{\"name\":\"apply\",\"input\":\"\"}", WriteBody(Transcript, Freeform), StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_of_functions_stay_functions()
    {
        const string Transcript =
            "start \"u1\" \"up\"\ntool+#0 \"c1\" \"other\"\njson#0 {\"input\":\"x\"}\ntool-#0\nfinish ToolCalls \"\" \"\" \"\"\nend";

        Assert.Equal(Write(Transcript), Write(Transcript, Freeform));
        Assert.Equal(WriteBody(Transcript), WriteBody(Transcript, Freeform));
    }

    [Fact]
    public void What_is_written_reads_back_as_it_came()
    {
        const string Transcript =
            "start \"u1\" \"up\"\ntool+#0 \"c1\" \"apply\"\njson#0 {\"input\":\"a\\nb\"}\ntool-#0\nfinish ToolCalls \"\" \"\" \"\"\nend";

        Assert.Equal("tool+#0 \"c1\" \"apply\"\njson#0 {\"input\":\"a\\nb\"}\ntool-#0", Content(Stream(Events(Write(Transcript, Freeform)))));
        Assert.Equal("tool+#0 \"c1\" \"apply\"\njson#0 {\"input\":\"a\\nb\"}\ntool-#0", Content(Body(WriteBody(Transcript, Freeform))).Replace("\nusage in=0 cached=0 write=-1 out=0 reasoning=0", "", StringComparison.Ordinal));
    }
}
