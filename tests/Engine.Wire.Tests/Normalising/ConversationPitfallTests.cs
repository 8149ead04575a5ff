using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using static Engine.Wire.Tests.Normalising.Trees;

namespace Engine.Wire.Tests.Normalising;

/// <summary>wire/pitfalls.md F: the structure of conversations.</summary>
public sealed class ConversationPitfallTests
{
    [Fact]
    public void Pitfall_62_All_calls_of_a_turn_come_before_all_results_with_no_text_between()
    {
        var request = Request(
            User("go"),
            Assistant(Call("a")),
            User(Result("a"), Text("between")),
            Assistant(Call("b"), Call("c")),
            User(Text("early"), Result("c"), Result("b")));

        Assert.Equal(
            """
            user: "go"
            assistant: call(a f {})
            user: result(a  "ok") + "between"
            assistant: call(b f {}) + call(c f {})
            user: result(b  "ok") + result(c  "ok") + "early"

            """,
            RequestText.Turns(request.Apply(Claude)),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Pitfall_63_An_interrupted_call_gets_an_error_result()
    {
        var request = Request(User("go"), Assistant(Call("a"), Call("b")), User(Result("b"), Text("stop that")));
        Assert.Equal(
            """
            user: "go"
            assistant: call(a f {}) + call(b f {})
            user: error(a f "[no result recorded]") + result(b  "ok") + "stop that"

            """,
            RequestText.Turns(request.Apply(Claude)),
            ignoreLineEndingDifferences: true);
        Assert.Contains("messages[1]:Emulated", request.LossNames(Claude));
    }

    [Fact]
    public void Pitfall_63_Unanswered_calls_at_the_very_end_are_removed()
    {
        var request = Request(User("go"), Assistant(Text("let me see"), Call("a")));
        Assert.Equal("user: \"go\"\nassistant: \"let me see\"\n", RequestText.Turns(request.Apply(Claude)));
        Assert.Equal("user: \"go\"\n", RequestText.Turns(Request(User("go"), Assistant(Call("a"))).Apply(Claude)));
    }

    [Fact]
    public void Pitfall_64_Results_of_several_tool_messages_become_one_user_turn()
    {
        var request = Request(User("go"), Assistant(Call("a"), Call("b")), User(Result("a")), User(Result("b")), User("and now?"));
        Assert.Equal(
            """
            user: "go"
            assistant: call(a f {}) + call(b f {})
            user: result(a  "ok") + result(b  "ok") + "and now?"

            """,
            RequestText.Turns(request.Apply(Claude)),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Pitfall_65_Parallel_results_share_one_turn_and_attachments_follow_in_another()
    {
        var request = Request(
            User("go"),
            Assistant(Call("a"), Call("b", "g")),
            User(Result("a", Text("see"), Image())),
            User(Result("b", Image()), Text("next")));
        var turns = request.Apply(Gemini25).Turns;

        Assert.Equal(4, turns.Count);
        Assert.Equal(["a", "b"], turns[2].Parts.Cast<ToolResultPart>().Select(result => result.CallId));
        Assert.Equal(["f", "g"], turns[2].Parts.Cast<ToolResultPart>().Select(result => result.Name));
        Assert.DoesNotContain(turns[3].Parts, part => part is ToolResultPart);
        Assert.Equal(2, turns[3].Parts.Count(part => part is ImagePart));
    }

    [Fact]
    public void Pitfall_66_Calls_sent_as_neighbouring_turns_are_one_step()
    {
        var signed = Call("", "f", """{"n":1}""") with { Signature = new ReasoningSignature(SignatureFamily.Gemini, EscapedSlice.FromString("sig")) };
        var request = Request(User("go"), Assistant(signed), Assistant(Call("", "f", """{"n":2}""")), User(Result("", "1", "f"), Result("", "2", "f")));
        var turns = request.Apply(Gemini25).Turns;

        Assert.Equal(3, turns.Count);
        Assert.Equal(2, turns[1].Parts.Count);
        Assert.NotNull(((ToolCallPart)turns[1].Parts[0]).Signature);
        Assert.Equal(turns[1].Parts.Cast<ToolCallPart>().Select(call => call.Id), turns[2].Parts.Cast<ToolResultPart>().Select(result => result.CallId));
    }

    [Fact]
    public void Pitfall_67_History_that_starts_with_the_model_gets_a_user_turn_first()
    {
        var request = Request(User(Text("")), Assistant(Call("a")), User(Result("a")));
        Assert.Equal("user: \"(start)\"\nassistant: call(a f {})\nuser: result(a f \"ok\")\n", RequestText.Turns(request.Apply(Gemini25)));
    }

    [Fact]
    public void Pitfall_67_A_result_without_a_call_becomes_user_text()
    {
        var request = Request(User(Result("gone", "42")), User("so?"));
        Assert.Equal("user: \"[result of tool gone] 42\" + \"so?\"\n", RequestText.Turns(request.Apply(Claude)));
        var named = Request(User(new ToolResultPart("", "lookup", [Text("42")], IsError: false)));
        Assert.Equal("user: \"[result of tool lookup] 42\"\n", RequestText.Turns(named.Apply(Claude)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\n\t ")]
    [InlineData("\u00a0")]
    public void Pitfall_68_Blank_text_is_removed_and_a_conversation_left_empty_gets_a_visible_word(string blank)
    {
        Assert.Equal("user: \"(start)\"\n", RequestText.Turns(Request(User(blank)).Apply(Claude)));
        Assert.Equal("user: \"a\" + \"b\"\n", RequestText.Turns(Request(User("a"), Assistant(blank), User(Text("b"), Text(blank))).Apply(Claude)));
    }

    [Fact]
    public void Pitfall_69_Empty_assistant_text_beside_calls_is_removed_for_every_target()
    {
        var request = Request(User("go"), Assistant(Text(""), Call("a")), User(Result("a")));
        foreach (var target in new[] { Claude, Gemini25, Kimi, Gpt })
        {
            Assert.DoesNotContain(request.Apply(target).Turns[1].Parts, part => part is TextPart);
        }
    }

    [Fact]
    public void Pitfall_70_A_system_text_in_the_middle_is_wrapped_in_place_and_never_lost_or_given_to_the_model()
    {
        var request = Request(User("a"), Assistant("b"), SystemTurn("be brief"), User("c"));
        Assert.Equal(
            """
            user: "a"
            assistant: "b"
            user: "<system-reminder>\nbe brief\n</system-reminder>" + "c"

            """,
            RequestText.Turns(request.Apply(Claude)),
            ignoreLineEndingDifferences: true);
        Assert.Equal("system", RequestText.Turns(request.Apply(Gpt)).Split('\n')[2][..6]);
    }

    [Fact]
    public void Pitfall_70_A_system_text_between_a_call_and_its_result_comes_after_the_result()
    {
        var request = Request(User("a"), Assistant(Call("x")), SystemTurn("be brief"), User(Result("x"), Text("c")));
        Assert.Equal(
            """
            user: "a"
            assistant: call(x f {})
            user: result(x  "ok") + "<system-reminder>\nbe brief\n</system-reminder>" + "c"

            """,
            RequestText.Turns(request.Apply(Claude)),
            ignoreLineEndingDifferences: true);

        var native = Claude with { Conversation = Claude.Conversation with { MidSystem = MidConversationSystem.KeepAfterUser } };
        Assert.Equal(
            """
            user: "a"
            assistant: call(x f {})
            user: result(x  "ok")
            system: "be brief"
            user: "c"

            """,
            RequestText.Turns(request.Apply(native)),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Pitfall_72_A_final_assistant_turn_is_trimmed_or_followed_by_a_user_turn()
    {
        var request = Request(User("a"), Assistant(Text("The answer is \n")));
        Assert.Equal("assistant: \"The answer is\"", RequestText.Turns(request.Apply(Claude)).Split('\n')[1]);

        var strict = Claude with { Conversation = Claude.Conversation with { Prefill = AssistantPrefill.AppendUserTurn } };
        Assert.Equal("user: \"a\"\nassistant: \"The answer is \\n\"\nuser: \"Continue.\"\n", RequestText.Turns(request.Apply(strict)));
        Assert.Equal("user: \"a\"\nassistant: \"The answer is \\n\"\n", RequestText.Turns(request.Apply(Gpt)));
    }

    [Fact]
    public void Pitfall_73_History_with_calls_but_without_tools_gets_stubs_that_may_not_be_called()
    {
        var request = Request(User("a"), Assistant(Call("x", "look"), Call("y", "look")), User(Result("x"), Result("y"))) with { ParallelToolCalls = false };
        var normal = request.Apply(Claude);
        Assert.Equal(["look"], normal.Tools.Select(tool => tool.Name));
        Assert.Equal(ToolChoiceMode.None, normal.ToolChoice.Mode);
        Assert.Empty(request.Apply(Gpt).Tools);
    }

    [Theory]
    [InlineData(ToolChoiceMode.Auto)]
    [InlineData(ToolChoiceMode.None)]
    [InlineData(ToolChoiceMode.Required)]
    public void Pitfall_73_Without_tools_there_is_no_tool_choice_and_no_parallel_switch(ToolChoiceMode mode)
    {
        var normal = (Asking() with { ToolChoice = ToolChoice.Of(mode), ParallelToolCalls = false }).Apply(Gpt);
        Assert.Equal(ToolChoice.Default, normal.ToolChoice);
        Assert.Null(normal.ParallelToolCalls);
    }

    [Fact]
    public void A_second_result_for_one_call_wins_and_is_reported()
    {
        var request = Request(User("a"), Assistant(Call("x")), User(Result("x", "old")), User(Result("x", "new")));
        Assert.Equal("user: result(x  \"new\")", RequestText.Turns(request.Apply(Claude)).Split('\n')[2]);
        Assert.Contains("messages[3]:Reported", request.LossNames(Claude));
    }

    [Fact]
    public void A_result_that_comes_turns_later_is_pulled_back_to_its_call()
    {
        var request = Request(User("a"), Assistant(Call("x")), User("wait"), Assistant("waiting"), User(Result("x")));
        Assert.Equal(
            """
            user: "a"
            assistant: call(x f {})
            user: result(x  "ok") + "wait"
            assistant: "waiting"

            """,
            RequestText.Turns(request.Apply(Claude)),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Of_a_request_with_system_texts_only_the_last_becomes_the_user_turn()
    {
        var request = Request() with { System = [Text("be kind"), Text("say hello")] };
        var normal = request.Apply(Claude);
        Assert.Equal(["be kind"], normal.System.Select(text => text.Text.Decode()));
        Assert.Equal("user: \"say hello\"\n", RequestText.Turns(normal));
        Assert.Equal(2, request.Apply(Gpt).System.Count);
    }

    [Fact]
    public void Without_a_system_prompt_its_texts_come_before_the_first_user_text()
    {
        var gemma = Gemini25 with { Conversation = Gemini25.Conversation with { SystemPrompt = false } };
        var request = Request(User("hi")) with { System = [Text("be kind"), Text("be brief")] };
        var normal = request.Apply(gemma);
        Assert.Empty(normal.System);
        Assert.Equal("user: \"be kind\" + \"be brief\" + \"hi\"\n", RequestText.Turns(normal));
    }

    [Fact]
    public void A_kept_system_turn_never_comes_first_and_neighbours_join()
    {
        var native = Claude with { Conversation = Claude.Conversation with { MidSystem = MidConversationSystem.KeepAfterUser } };
        var request = Request(SystemTurn("first"), User("a"), SystemTurn("second"), SystemTurn("third"), Assistant("b"), SystemTurn("fourth"));
        Assert.Equal(
            """
            user: "<system-reminder>\nfirst\n</system-reminder>" + "a"
            system: "second" + "third"
            assistant: "b"
            user: "<system-reminder>\nfourth\n</system-reminder>"

            """,
            RequestText.Turns(request.Apply(native)),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_history_in_order_is_shared_not_copied()
    {
        var request = Request(User("a"), Assistant(Call("x")), User(Result("x"), Text("b")), Assistant("c"), User("d"));
        Assert.Same(request.Turns, request.Apply(Claude).Turns);
    }
}
