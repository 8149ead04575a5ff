using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicPartReaderTests
{
    [Fact]
    public void A_text_content_is_one_text_part() => Assert.Equal("a\\nb", Assert.IsType<TextPart>(Assert.Single(AnthropicPlay.ReadParts("\"a\\nb\""))).Text.ToString());

    [Fact]
    public void Roles_are_kept_with_their_path()
    {
        var turns = AnthropicPlay.ReadRequest("""
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"system","content":[{"type":"text","text":"c"}]}]}
            """).Turns;
        Assert.Equal([(TurnRole.User, "messages.0"), (TurnRole.Assistant, "messages.1"), (TurnRole.System, "messages.2")], turns.Select(turn => (turn.Role, turn.Path)));
    }

    [Fact]
    public void Pitfall_070_a_system_turn_in_the_conversation_stays_one()
    {
        var turn = AnthropicPlay.ReadRequest("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"system","content":"be brief"}]}""").Turns[1];
        Assert.Equal(TurnRole.System, turn.Role);
        Assert.Equal("be brief", Assert.IsType<TextPart>(Assert.Single(turn.Parts)).Text.Decode());
    }

    [Fact]
    public void Images_come_inline_by_address_or_stored()
    {
        var parts = AnthropicPlay.ReadParts("""
            [{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iV\/BO"},"cache_control":{"type":"ephemeral"}},
             {"type":"image","source":{"type":"url","url":"https://a/b.png"}},
             {"type":"image","source":{"type":"file","file_id":"file_1"}}]
            """).Cast<ImagePart>().ToArray();
        Assert.Equal(new MediaSource.Inline("image/png", Slice("iV\\/BO")), parts[0].Source);
        Assert.True(parts[0].CacheControl.IsPresent);
        Assert.Equal(new MediaSource.Url(Slice("https://a/b.png")), parts[1].Source);
        Assert.Equal(new MediaSource.Stored(Slice("file_1")), parts[2].Source);
    }

    [Fact]
    public void Documents_come_in_every_form()
    {
        var parts = AnthropicPlay.ReadParts("""
            [{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"},"title":"t","context":"c","citations":{"enabled":true}},
             {"type":"document","source":{"type":"text","media_type":"text/plain","data":"plain"}},
             {"type":"document","source":{"type":"url","url":"https://a/b.pdf"}},
             {"type":"document","source":{"type":"file","file_id":"file_1"}},
             {"type":"document","source":{"type":"content","content":"words"},"title":"w"},
             {"type":"document","source":{"type":"content","content":[{"type":"text","text":"more"},{"type":"image","source":{"type":"url","url":"u"}}]}}]
            """);
        var first = Assert.IsType<DocumentPart>(parts[0]);
        Assert.Equal(("t", "c", "{\"enabled\":true}"), (first.Name.Decode(), first.Context.Decode(), first.Citations.ToString()));
        Assert.Equal(
            [
                new MediaSource.Inline("application/pdf", Slice("JVBE")),
                new MediaSource.PlainText(Slice("plain")),
                new MediaSource.Url(Slice("https://a/b.pdf"), "application/pdf"),
                new MediaSource.Stored(Slice("file_1")),
                new MediaSource.PlainText(Slice("words")),
                new MediaSource.PlainText(Slice("more")),
            ],
            parts.OfType<DocumentPart>().Select(part => part.Source));
        Assert.Equal("w", ((DocumentPart)parts[4]).Name.Decode());
        Assert.IsType<ImagePart>(parts[6]);
    }

    [Fact]
    public void A_call_keeps_its_input_as_it_came()
    {
        var call = Assert.IsType<ToolCallPart>(Assert.Single(AnthropicPlay.ReadParts("""[{"type":"tool_use","id":"toolu_1","name":"f","input":{"n": 12345678901234567890}}]""", "assistant")));
        Assert.Equal(("toolu_1", "f", "{\"n\": 12345678901234567890}"), (call.Id, call.Name, call.Arguments.Object.ToString()));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(",\"content\":null", 0)]
    [InlineData(",\"content\":\"sunny\"", 1)]
    [InlineData(",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]", 2)]
    public void A_result_may_be_nothing_a_text_or_blocks(string content, int parts)
    {
        var result = Assert.IsType<ToolResultPart>(Assert.Single(AnthropicPlay.ReadParts($$"""[{"type":"tool_result","tool_use_id":"t","is_error":true{{content}}}]""")));
        Assert.Equal(("t", "", true, parts), (result.CallId, result.Name, result.IsError, result.Content.Count));
    }

    [Fact]
    public void Pitfall_095_an_image_in_a_result_stays_an_image()
    {
        var result = (ToolResultPart)AnthropicPlay.ReadParts("""[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}}]}]""")[0];
        Assert.Equal(new MediaSource.Inline("image/png", Slice("iVBO")), Assert.IsType<ImagePart>(Assert.Single(result.Content)).Source);
    }

    [Fact]
    public void Pitfall_074_a_signature_tells_whose_it_is()
    {
        var carrier = Encoding.ASCII.GetString(SignatureCarrier.Encode(SignatureFamily.Gemini, "gemini-3-pro", EscapedText.FromContent("EpIB"u8)));
        var parts = AnthropicPlay.ReadParts(
            $$"""[{"type":"thinking","thinking":"a","signature":"EqQ"},{"type":"thinking","thinking":"","signature":"{{carrier}}"},{"type":"thinking","thinking":"c","signature":""}]""", "assistant").Cast<ReasoningPart>().ToArray();
        Assert.Equal((SignatureFamily.Claude, "EqQ"), (parts[0].Signature!.Family, parts[0].Signature!.Blob.ToString()));
        Assert.Equal((SignatureFamily.Gemini, "EpIB", "gemini-3-pro"), (parts[1].Signature!.Family, parts[1].Signature!.Blob.ToString(), parts[1].Signature!.Model));
        Assert.Null(parts[2].Signature);
    }

    [Fact]
    public void Redacted_thinking_tells_whose_it_is_too()
    {
        var carrier = Encoding.ASCII.GetString(SignatureCarrier.Encode(SignatureFamily.Gpt, "gpt-5", EscapedText.FromContent("gAAAA"u8)));
        var parts = AnthropicPlay.ReadParts(
            $$"""[{"type":"redacted_thinking","data":"Zm9v"},{"type":"redacted_thinking","data":"{{carrier}}"},{"type":"redacted_thinking","data":""}]""", "assistant").Cast<RedactedReasoningPart>().ToArray();
        Assert.Equal([(SignatureFamily.Claude, "Zm9v"), (SignatureFamily.Gpt, "gAAAA")], parts.Select(part => (part.Signature.Family, part.Signature.Blob.ToString())));
    }

    [Theory]
    [InlineData("""{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"cats"}}""", LossRule.Emulated, "[searched: cats]")]
    [InlineData("""{"type":"server_tool_use","id":"s","name":"code_execution","input":{"code":"print(\"x\")"}}""", LossRule.Emulated, """[called code_execution: {"code":"print(\"x\")"}]""")]
    [InlineData("""{"type":"mcp_tool_use","id":"s","name":"ask","server_name":"d","input":{}}""", LossRule.Emulated, "[called ask: {}]")]
    [InlineData("""{"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","title":"Cats","url":"https://c","encrypted_content":"SECRET"},{"type":"web_search_result","url":"https://d"}]}""", LossRule.Emulated, "Cats – https://c\nhttps://d")]
    [InlineData("""{"type":"web_search_tool_result","tool_use_id":"s","content":{"type":"web_search_tool_result_error","error_code":"max_uses_exceeded"}}""", LossRule.Emulated, "max_uses_exceeded")]
    [InlineData("""{"type":"code_execution_tool_result","tool_use_id":"s","content":{"type":"code_execution_result","stdout":"1\n","stderr":"","return_code":0}}""", LossRule.Emulated, "1\n")]
    [InlineData("""{"type":"mcp_tool_result","tool_use_id":"s","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""", LossRule.Emulated, "a\nb")]
    [InlineData("""{"type":"search_result","source":"https://c","title":"Cats","content":[{"type":"text","text":"purr"}]}""", LossRule.Emulated, "Cats – https://c\npurr")]
    [InlineData("""{"type":"compaction","content":"what was"}""", LossRule.Emulated, "what was")]
    [InlineData("""{"type":"tool_reference","tool_name":"f"}""", LossRule.Emulated, "[tool: f]")]
    [InlineData("""{"type":"container_upload","file_id":"f"}""", LossRule.Refused, "")]
    [InlineData("""{"type":"fallback"}""", LossRule.Dropped, "")]
    [InlineData("""{"type":"tool_search_tool_result","tool_use_id":"s","content":{}}""", LossRule.Dropped, "")]
    [InlineData("""{"type":"of_tomorrow"}""", LossRule.Reported, "")]
    public void What_only_this_dialect_knows_is_kept_with_a_stand_in(string block, LossRule rule, string substitute)
    {
        var part = Assert.IsType<OpaquePart>(Assert.Single(AnthropicPlay.ReadParts($"[{block}]", "assistant")));
        Assert.Equal(("messages.0.content.0", block, rule, substitute), (part.Path, part.Raw.ToString(), part.Rule, part.Substitute.Decode()));
    }

    [Fact]
    public void A_stand_in_for_a_result_is_short_and_cut_between_characters()
    {
        for (var pad = 0; pad < 8; pad++)
        {
            var long_ = new string('x', pad) + string.Concat(Enumerable.Repeat("é\\n\\u00e9", 400));
            var part = (OpaquePart)AnthropicPlay.ReadParts($$"""[{"type":"mcp_tool_result","content":[{"type":"text","text":"{{long_}}"}]}]""", "assistant")[0];
            Assert.InRange(part.Substitute.Content.Length, 2030, 2048);
            Assert.StartsWith(part.Substitute.Decode(), long_.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\u00e9", "é", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_summary_of_the_conversation_is_kept_whole()
    {
        var summary = new string('s', 10_000);
        Assert.Equal(summary, ((OpaquePart)AnthropicPlay.ReadParts($$"""[{"type":"compaction","content":"{{summary}}"}]""", "assistant")[0]).Substitute.Decode());
    }

    private static EscapedSlice Slice(string escaped) => EscapedSlice.FromContent(Encoding.UTF8.GetBytes(escaped));
}
