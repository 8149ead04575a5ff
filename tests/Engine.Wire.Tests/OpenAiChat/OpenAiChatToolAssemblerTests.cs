using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatToolAssemblerTests
{
    [Fact]
    public void Arguments_pass_as_fragments() => Assert.Equal(
        """
        tool+#0 "call_a" "f"
        args#0 "{\"x\":"
        args#0 "1}"
        tool-#0
        """,
        string.Join('\n', Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"f","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}""").Lines.Skip(1).SkipLast(2)));

    [Fact]
    public void Pitfall_021_Interleaved_calls_are_routed_by_index() => Assert.Equal(
        """
        tool+#0 "call_a" "f"
        args#0 "{\"x\":"
        tool+#1 "call_b" "g"
        args#1 "{}"
        args#0 "1}"
        tool-#0
        tool-#1
        """,
        Content(Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"f","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}""",
            """{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}""")));

    [Fact]
    public void Pitfall_022_A_second_call_right_after_the_first_opens_a_new_block() => Assert.Equal(
        """
        tool+#0 "call_a" "f"
        args#0 "{}"
        tool+#1 "call_b" "f"
        args#1 "{}"
        tool-#0
        tool-#1
        """,
        Content(Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"call_a","function":{"name":"f","arguments":"{}"}}]}""",
            """{"tool_calls":[{"index":0,"id":"call_b","function":{"name":"f","arguments":"{}"}}]}""")));

    [Fact]
    public void Pitfall_023_Arguments_wait_until_id_and_name_are_known() => Assert.Equal(
        """
        tool+#0 "call_a" "f"
        args#0 "{\"x\":1}"
        tool-#0
        """,
        Content(Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"call_a","function":{"name":"","arguments":"{\"x\":"}}]}""",
            """{"tool_calls":[{"index":0,"id":null,"function":{"arguments":"1"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"}"}}]}""")));

    [Fact]
    public void Pitfall_023_A_missing_id_is_minted_by_the_first_arguments()
    {
        var lines = Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"","function":{"name":"f","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}""",
            """{"tool_calls":[{"index":1,"function":{"name":"g"}}]}""").Coalesced;

        Assert.Equal($"tool+#0 \"{Context.Ids.Mint(MintedCall, 0)}\" \"f\"", lines[1]);
        Assert.Equal("args#0 \"{}\"", lines[2]);
        Assert.Contains($"tool+#1 \"{Context.Ids.Mint(MintedCall, 1)}\" \"g\"", lines);
    }

    [Fact]
    public void Pitfall_024_Later_empty_names_and_ids_overwrite_nothing() => Assert.Equal(
        """
        tool+#0 "call_a" "f"
        args#0 "{}"
        tool-#0
        """,
        Content(Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"call_a","function":{"name":"f","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"id":"","function":{"name":"","arguments":"{}"}}]}""")));

    [Fact]
    public void Pitfall_025_Null_and_empty_arguments_are_no_arguments() => Assert.Equal(
        """
        tool+#0 "call_a" "f"
        tool+#1 "call_b" "g"
        tool-#0
        tool-#1
        """,
        Content(Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"call_a","function":{"name":"f","arguments":null}}]}""",
            """{"tool_calls":[{"index":1,"id":"call_b","function":{"name":"g","arguments":""}}]}""")));

    [Fact]
    public void Arguments_sent_as_an_object_pass_whole() => Assert.Equal(
        """
        tool+#0 "call_a" "f"
        json#0 {"x": 1.0}
        tool-#0
        """,
        Content(Deltas("tool_calls", """{"tool_calls":[{"index":0,"id":"call_a","function":{"name":"f","arguments":{"x": 1.0}}}]}""")));

    [Fact]
    public void Arguments_sent_as_an_object_before_the_name_wait_for_it() => Assert.Equal(
        """
        tool+#0 "call_a" "f"
        json#0 {"x":1}
        tool-#0
        """,
        Content(Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"call_a","function":{"arguments":{"x":1}}}]}""",
            """{"tool_calls":[{"index":0,"function":{"name":"f"}}]}""")));

    [Fact]
    public void Calls_without_index_are_told_apart_by_id_and_by_order() => Assert.Equal(
        """
        tool+#0 "a" "f"
        args#0 "{}"
        tool+#1 "b" "f"
        args#1 "[1]"
        tool-#0
        tool-#1
        """,
        Content(Deltas(
            "tool_calls",
            """{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}}]}""",
            """{"tool_calls":[{"id":"a","function":{"arguments":"}"}}]}""",
            """{"tool_calls":[{"id":"b","function":{"name":"f","arguments":"["}}]}""",
            """{"tool_calls":[{"function":{"arguments":"1]"}}]}""")));

    [Fact]
    public void A_freeform_call_becomes_an_object_with_its_input() => Assert.Equal(
        """
        tool+#0 "call_c" "apply"
        json#0 {"input":"*** \"Begin\"\n"}
        tool-#0
        """,
        Content(Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"call_c","type":"custom","custom":{"name":"apply","input":""}}]}""",
            """{"tool_calls":[{"index":0,"custom":{"input":"*** \"Be"}}]}""",
            """{"tool_calls":[{"index":0,"custom":{"input":"gin\"\n"}}]}""")));

    [Fact]
    public void A_thought_signature_comes_directly_before_its_call() => Assert.Equal(
        """
        signature#0 Gemini "EpIB"
        tool+#0 "a" "f"
        args#0 "{}"
        tool+#1 "b" "f"
        args#1 "{}"
        tool-#0
        tool-#1
        """,
        Content(Deltas(
            "tool_calls",
            """{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"EpIB"}}},{"index":1,"id":"b","function":{"name":"f","arguments":"{}"}}]}""")));

    [Fact]
    public void A_signature_of_the_whole_message_belongs_to_its_first_call() => Assert.Equal(
        """
        signature#0 Gemini "AVSo"
        tool+#0 "a" "f"
        args#0 "{}"
        tool+#1 "b" "g"
        args#1 "{}"
        tool-#0
        tool-#1
        """,
        Content(Body("""
            {"id":"1","model":"g","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","extra_content":{"google":{"thought":true,"thought_signature":"AVSo"}},
             "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}}]}
            """)));

    [Fact]
    public void An_encrypted_detail_with_the_id_of_a_later_call_signs_that_call() => Assert.Equal(
        """
        signature#0 Gemini "EjQK"
        tool+#0 "tool_a" "add"
        args#0 "{}"
        tool-#0
        """,
        Content(Deltas(
            "tool_calls",
            """{"reasoning_details":[{"type":"reasoning.encrypted","data":"EjQK","format":"google-gemini-v1","id":"tool_a","index":0}]}""",
            """{"tool_calls":[{"index":0,"id":"tool_a","function":{"name":"add","arguments":"{}"}}]}""")));

    [Fact]
    public void An_encrypted_detail_whose_call_never_comes_stays_encrypted_reasoning() => Assert.Equal(
        """
        text#0 "a"
        redacted#1 Gemini "EjQK"
        """,
        Content(Deltas(
            "stop",
            """{"reasoning_details":[{"type":"reasoning.encrypted","data":"EjQK","format":"google-gemini-v1","id":"tool_a","index":0}]}""",
            """{"content":"a"}""")));

    [Fact]
    public void A_call_that_never_gets_a_name_is_malformed() => Assert.Contains(
        "finish MalformedCall \"tool_calls\" \"\" \"\"",
        Deltas("tool_calls", """{"tool_calls":[{"index":0,"id":"a","function":{"arguments":"{}"}}]}""").Lines);

    [Fact]
    public void Calls_of_a_whole_answer_with_empty_ids_get_ids_of_their_own()
    {
        var lines = Body("""
            {"id":"1","choices":[{"index":0,"finish_reason":"tool_calls","message":{"tool_calls":[{"id":"","type":"function","function":{"name":"f","arguments":"{}"}},
             {"id":"","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}}]}
            """).Lines.Where(static line => line.StartsWith("tool+", StringComparison.Ordinal)).ToList();

        Assert.Equal([$"tool+#0 \"{Context.Ids.Mint(MintedCall, 0)}\" \"f\"", $"tool+#1 \"{Context.Ids.Mint(MintedCall, 1)}\" \"f\""], lines);
    }
}
