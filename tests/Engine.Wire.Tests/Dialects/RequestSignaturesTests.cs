using System.Text;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.Json;
using Engine.Wire.Normalising;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.Dialects;

public class RequestSignaturesTests
{
    private const string Claude = "EqQBCkYIBxgCKkBmYWtl";

    // A tool loop with what each dialect's own upstream has signed in it.
    private const string AnthropicBody = $$$$"""
        {"model":"x","max_tokens":4096,"thinking":{"type":"enabled","budget_tokens":1024},"tools":[{"name":"f","input_schema":{"type":"object","properties":{}}}],"messages":[
        {"role":"user","content":"weather?"},
        {"role":"assistant","content":[{"type":"thinking","signature":"{{{{Claude}}}}","thinking":"plan"},{"type":"redacted_thinking","data":"{{{{Claude}}}}"},{"type":"text","text":"I look"},{"type":"tool_use","id":"toolu_1","name":"f","input":{}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"rain"}]}]}
        """;

    private const string GeminiBody = """
        {"contents":[{"role":"user","parts":[{"text":"weather?"}]},
        {"role":"model","parts":[{"text":"I look","thoughtSignature":"EpIBc2ln"},{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"EpIBc2ln"},{"functionCall":{"name":"f","args":{"a":2}}}]},
        {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"rain"}}},{"functionResponse":{"name":"f","response":{"output":"sun"}}}]}],
        "tools":[{"functionDeclarations":[{"name":"f"}]}]}
        """;

    private const string OpenAiBody = """
        {"model":"x","messages":[{"role":"user","content":"weather?"},
        {"role":"assistant","content":"I look","reasoning_details":[{"type":"reasoning.text","text":"plan","signature":"EqQB","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"EqQC","format":"anthropic-claude-v1","index":1}],
        "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"rain"}],"tools":[{"type":"function","function":{"name":"f"}}]}
        """;

    public static TheoryData<string, string, HeldSignatures> Bodies => new()
    {
        { "anthropic", AnthropicBody, HeldSignatures.Own },
        { "anthropic", """{"messages":[{"role":"assistant","content":[{"type":"redacted_thinking","data":"EqQ"}]}]}""", HeldSignatures.Own },
        { "anthropic", """{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"px1.gemini.g.RQ"}]}]}""", HeldSignatures.Carried },
        { "anthropic", """{"messages":[{"content":[{"signature":"px1.gemini.g.RQ","type":"thinking"},{"data":"E","type":"redacted_thinking"}]}]}""", HeldSignatures.Own | HeldSignatures.Carried },
        { "anthropic", """{"messages":[{"content":[{"type":"thinking","thinking":"x","signature":""}]}]}""", HeldSignatures.None },
        { "anthropic", """{"messages":[{"content":"\"type\":\"thinking\",\"signature\":\"E\""}]}""", HeldSignatures.None },
        { "anthropic", """{"messages":[{"content":[{"type":"tool_use","id":"a","name":"f","input":{"type":"thinking","signature":"E"}},{"type":"image","data":"E"}]}]}""", HeldSignatures.None },
        { "gemini", GeminiBody, HeldSignatures.Own },
        { "gemini", """{"contents":{"parts":[{"thought_signature":"E","text":"a"}]}}""", HeldSignatures.None },
        { "gemini", """{"contents":[{"parts":[{"thought_signature":"E","text":"a"}]}]}""", HeldSignatures.Own },
        { "gemini", """{"generateContentRequest":{"contents":[{"parts":[{"thoughtSignature":"E"}]}]}}""", HeldSignatures.Own },
        { "gemini", """{"contents":[{"parts":[{"functionCall":{"name":"f","args":{"thoughtSignature":"E"}},"thoughtSignature":"skip_thought_signature_validator"}]}]}""", HeldSignatures.None },
        { "openai-chat", OpenAiBody, HeldSignatures.Own },
        { "openai-chat", """{"messages":[{"tool_calls":[{"id":"c","extra_content":{"google":{"thought_signature":"E"}}}]}]}""", HeldSignatures.Own },
        { "openai-chat", """{"messages":[{"extra_content":{"google":{"thought_signature":"E"}}}]}""", HeldSignatures.Own },
        { "openai-chat", """{"messages":[{"reasoning_details":[{"type":"reasoning.encrypted","data":"px1.claude.c.RQ"}]}]}""", HeldSignatures.Carried },
        { "openai-chat", """{"messages":[{"reasoning_content":"plan","reasoning_details":[{"type":"reasoning.text","text":"plan"}]}]}""", HeldSignatures.None },
        { "openai-chat", """{"messages":[{"tool_calls":[{"function":{"arguments":"{\"signature\":\"E\"}"}}]}]}""", HeldSignatures.None },
        { "anthropic", "[]", HeldSignatures.None },
        { "gemini", "", HeldSignatures.None },
        { "openai-chat", """{"messages":[{"reasoning_details":[{"data":"E"}""", HeldSignatures.None },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_body_tells_what_it_holds(string dialect, string body, HeldSignatures held) =>
        Assert.Equal(held, RequestSignatures.Find(Client(dialect), Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData(SignatureFamily.Claude, false)]
    [InlineData(SignatureFamily.Gpt, true)]
    [InlineData(SignatureFamily.Plain, false)]
    public void Geminis_carriers_are_known_by_how_they_begin(SignatureFamily family, bool redacted)
    {
        var blob = GeminiSignatures.Write(family, EscapedText.FromContent("EqQB"u8), "claude-opus-5", redacted);
        var body = $$$"""{"contents":[{"parts":[{"thoughtSignature":"{{{Encoding.UTF8.GetString(blob)}}}"}]}]}""";

        Assert.Equal(HeldSignatures.Carried, RequestSignatures.Find(GeminiDialect.Instance, Encoding.UTF8.GetBytes(body)));
    }

    [Theory]
    [InlineData("anthropic", AnthropicBody)]
    [InlineData("gemini", GeminiBody)]
    [InlineData("openai-chat", OpenAiBody)]
    public void Looking_allocates_nothing(string name, string text)
    {
        var dialect = Client(name);
        var body = Encoding.UTF8.GetBytes(text);
        RequestSignatures.Find(dialect, body);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            RequestSignatures.Find(dialect, body);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("anthropic", "claude-opus-4-1", AnthropicBody)]
    [InlineData("anthropic", "claude-opus-4-7", AnthropicBody)]
    [InlineData("gemini", "gemini-2.5-flash", GeminiBody)]
    [InlineData("gemini", "gemini-3.5-flash", GeminiBody)]
    [InlineData("openai-chat", "anthropic/claude-opus-4.6", OpenAiBody)]
    public void Written_anew_a_request_keeps_them_or_loses_them_all(string dialect, string model, string body)
    {
        var kept = Rewrite(dialect, model, body, static target => target);
        var dropped = Rewrite(dialect, model, body, static target => target.WithoutSignatures());

        Assert.Equal(HeldSignatures.Own, RequestSignatures.Find(Client(dialect), Encoding.UTF8.GetBytes(kept)));
        Assert.Equal(HeldSignatures.None, RequestSignatures.Find(Client(dialect), Encoding.UTF8.GetBytes(dropped)));
        Assert.All(["weather?", "I look", "rain", "\"f\""], word => Assert.Contains(word, dropped, StringComparison.Ordinal));
        Assert.DoesNotContain("plan", dropped, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_signed_thinking_an_open_loop_of_a_budget_model_does_not_think()
    {
        var written = Rewrite("anthropic", "claude-opus-4-1", AnthropicBody, static target => target.WithoutSignatures());

        Assert.DoesNotContain("thinking", written, StringComparison.Ordinal);
        Assert.Contains("thinking\":{\"type\":\"adaptive\"", Rewrite("anthropic", "claude-opus-4-7", AnthropicBody, static target => target.WithoutSignatures()), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_call_needs_a_signature_the_sentinel_stands_in()
    {
        var written = Rewrite("gemini", "gemini-3.5-flash", GeminiBody, static target => target.WithoutSignatures());

        Assert.Contains("""{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"f","args":{"a":2}}}""", written, StringComparison.Ordinal);
        Assert.DoesNotContain("thoughtSignature", Rewrite("gemini", "gemini-2.5-flash", GeminiBody, static target => target.WithoutSignatures()), StringComparison.Ordinal);
    }

    private static string Rewrite(string dialect, string model, string body, Func<TargetCapabilities, TargetCapabilities> target)
    {
        var upstream = (IUpstreamDialect)Client(dialect);
        var losses = new LossLedger();
        var request = Client(dialect).ReadRequest(new ClientRequest { Body = Encoding.UTF8.GetBytes(body), PathModel = "x" }, Operation.Generate);
        var normal = Normaliser.Apply(request, target(upstream.CapabilitiesOf(model)), model, losses);
        using var written = upstream.WriteRequest(normal.Request, model, Operation.Generate, losses);
        Assert.Null(losses.FirstRefusal(strict: false));
        return Encoding.UTF8.GetString(written.Body.ToArray());
    }

    private static IClientDialect Client(string name) => name switch
    {
        "anthropic" => AnthropicDialect.Instance,
        "gemini" => GeminiDialect.Instance,
        _ => OpenAiChatDialect.Instance,
    };
}
