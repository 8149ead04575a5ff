using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

public class SseFramerTests
{
    private static void Gives(string input, params string[] expected) => FrameTranscript.Is(FrameFormat.Sse, input, expected);

    [Fact]
    public void A_data_line_and_a_blank_line_are_an_event() => Gives("data: {\"a\":1}\n\n", "event [] {\"a\":1}", "End");

    [Fact]
    public void Events_follow_one_another() =>
        Gives("data: 1\n\ndata: 2\n\ndata: [DONE]\n\n", "event [] 1", "event [] 2", "event [] [DONE]", "End");

    [Fact]
    public void An_event_line_names_the_event() => Gives("event: ping\ndata: {}\n\ndata: 2\n\n", "event [ping] {}", "event [] 2", "End");

    [Fact]
    public void The_name_may_follow_the_data() => Gives("data: {}\nevent: ping\n\n", "event [ping] {}", "End");

    [Fact]
    public void The_last_name_counts() => Gives("event: a\nevent: b\ndata: {}\n\n", "event [b] {}", "End");

    [Fact]
    public void An_event_line_without_colon_takes_the_name_back() => Gives("event: a\nevent\ndata: {}\n\n", "event [] {}", "End");

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Every_line_end_ends_a_line(string end) =>
        Gives($"event: a{end}data: 1{end}{end}data: 2{end}{end}: c{end}{end}data: 3{end}data: 4{end}{end}",
            "event [a] 1", "event [] 2", "event [] 3\n4", "End");

    [Fact]
    public void Line_ends_may_be_mixed() =>
        Gives("event: a\rdata: 1\n\r\ndata: 2\r\n\rdata: 3\r\r\ndata: 4\n\n",
            "event [a] 1", "event [] 2", "event [] 3", "event [] 4", "End");

    [Fact]
    public void A_lone_CR_ends_a_line() => Gives("data: 1\rid: 7\r\r", "event [] 1", "End");

    [Fact]
    public void A_blank_line_of_one_CR_dispatches_at_once_and_a_later_LF_belongs_to_it()
    {
        var framer = default(SseFramer);

        Assert.Equal(FrameStatus.Frame, framer.Read("data: 1\r\r"u8, isFinal: false, out var frame));
        Assert.Equal(9, frame.Length);
        Assert.Equal(FrameStatus.Frame, framer.Read("\ndata: 2\n\n"u8, isFinal: false, out frame));
        Assert.Equal("event [] 2", FrameTranscript.Line(frame));
    }

    [Fact]
    public void An_LF_after_a_split_CRLF_is_not_a_blank_line() => Gives("data: 1\r\nevent: a\r\n\r\n", "event [a] 1", "End");

    [Theory]
    [InlineData("data:1", "1")]
    [InlineData("data: 1", "1")]
    [InlineData("data:  1", " 1")]
    [InlineData("data:\t1", "\t1")]
    [InlineData("data: 1 ", "1 ")]
    [InlineData("data: a: b", "a: b")]
    public void At_most_one_space_goes_after_the_colon(string line, string data) => Gives(line + "\n\n", "event [] " + data, "End");

    [Fact]
    public void Data_lines_join_with_LF() =>
        Gives("data: a\r\ndata:b\r\n: c\r\nid: 1\r\ndata\r\ndata: d\r\n\r\n", "event [] a\nb\n\nd", "End");

    [Fact]
    public void Pretty_printed_json_on_several_data_lines_is_one_event() =>
        Gives("data: {\ndata:   \"a\": {\ndata: }\ndata: }\n\n", "event [] {\n  \"a\": {\n}\n}", "End");

    [Theory]
    [InlineData(": comment\n\n")]
    [InlineData(":\n\n")]
    [InlineData("\n\n\n")]
    [InlineData("id: 1\n\n")]
    [InlineData("retry: 3000\n\n")]
    [InlineData("event: a\n\n")]
    [InlineData("data\n\n")]
    [InlineData("data:\n\n")]
    [InlineData("data: \n\n")]
    [InlineData("data:   \t\n\n")]
    [InlineData("data\ndata:\n\n")]
    [InlineData("unknown: field\n\n")]
    [InlineData("dat\n\n")]
    [InlineData("database: 1\n\n")]
    [InlineData(" data: 1\n\n")]
    [InlineData("<html>\n<body>502</body>\n</html>\n")]
    [InlineData("")]
    public void A_block_without_data_dispatches_nothing(string block)
    {
        Gives(block, "End");
        Gives($"data: 1\n\n{block}data: 2\n\n".Replace("</html>\n", "</html>\n\n", StringComparison.Ordinal), "event [] 1",
            "event [] 2", "End");
    }

    [Fact]
    public void A_name_does_not_outlive_a_block_without_data() => Gives("event: a\n\ndata: 1\n\n", "event [] 1", "End");

    [Fact]
    public void Comments_and_other_fields_may_stand_within_an_event() =>
        Gives(": a\nid: 1\nevent: e\n: b\nretry: 5\nfoo\ndata: 1\n: c\n\n", "event [e] 1", "End");

    [Theory]
    [InlineData("data: 1")]
    [InlineData("data: 1\n")]
    [InlineData("data: 1\r")]
    [InlineData("data: 1\r\n")]
    public void The_last_event_may_lack_its_blank_line(string last) => Gives("data: 0\n\n" + last, "event [] 0", "event [] 1", "End");

    [Fact]
    public void One_byte_order_mark_may_lead() => Gives("\uFEFFdata: 1\n\ndata: 2\n\n", "event [] 1", "event [] 2", "End");

    [Fact]
    public void Joined_data_after_a_byte_order_mark_is_whole() => Gives("\uFEFFdata: 1\ndata: 2\n\n", "event [] 1\n2", "End");

    [Fact]
    public void A_second_byte_order_mark_is_part_of_a_field_name() => Gives("\uFEFF\uFEFFdata: 1\n\ndata: 2\n\n", "event [] 2", "End");

    [Fact]
    public void A_bare_json_body_is_a_frame_of_its_own_kind() =>
        Gives("{\"error\":{\"code\":429}}", "bare [] {\"error\":{\"code\":429}}", "End");

    [Fact]
    public void A_bare_json_value_ends_with_its_last_bracket() =>
        Gives("{\n  \"error\": \"}\\\"}\"\n}\ndata: [DONE]\n\n", "bare [] {\n  \"error\": \"}\\\"}\"\n}", "event [] [DONE]", "End");

    [Fact]
    public void A_bare_json_value_may_come_between_events() =>
        Gives("data: 1\r\n\r\n{\r\n  \"error\": [\r\n  ]\r\n}\r\n\r\ndata: 2\r\n\r\n",
            "event [] 1", "bare [] {\r\n  \"error\": [\r\n  ]\r\n}", "event [] 2", "End");

    [Fact]
    public void A_bare_json_value_that_never_closes_ends_at_a_blank_line() =>
        Gives("{\"error\r\n\r\ndata: 2\r\n\r\n", "bare [] {\"error", "event [] 2", "End");

    [Fact]
    public void A_bare_json_value_that_never_closes_does_not_touch_the_next() =>
        Gives("{\"a\n\n{\"b\":1}\ndata: 2\n\n", "bare [] {\"a", "bare [] {\"b\":1}", "event [] 2", "End");

    [Fact]
    public void A_bare_json_value_that_never_closes_ends_with_the_input() => Gives("[{\"error\":\n", "bare [] [{\"error\":", "End");

    [Fact]
    public void A_bare_json_value_takes_the_name_in_front_of_it() => Gives("event: error\n{\"a\":1}\n\n", "bare [error] {\"a\":1}", "End");

    [Fact]
    public void A_bare_json_line_behind_whole_data_is_not_lost() =>
        Gives("data: {\"a\":1}\n{\"error\":1}\n\n", "event [] {\"a\":1}", "bare [] {\"error\":1}", "End");

    [Fact]
    public void A_json_value_behind_several_data_lines_belongs_to_them() =>
        Gives("data: {}\ndata: x\ndata: {}\n\n", "event [] {}\nx\n{}", "End");

    [Fact]
    public void Joined_data_goes_back_to_the_pool_at_the_next_read()
    {
        var framer = default(SseFramer);
        byte[] input = [.. "data: "u8, .. new byte[9000].Select(_ => (byte)'x'), .. "\ndata: 2\n\n"u8];
        Assert.Equal(FrameStatus.Frame, framer.Read(input, isFinal: false, out var frame));
        ref byte joined = ref MemoryMarshal.GetReference(frame.Data);

        Assert.Equal(FrameStatus.NeedMore, framer.Read(default, isFinal: false, out _));

        byte[] rented = ArrayPool<byte>.Shared.Rent(9002);
        Assert.True(Unsafe.AreSame(ref joined, ref rented[0]));
        ArrayPool<byte>.Shared.Return(rented);
    }

    [Fact]
    public void Whole_json_values_on_successive_data_lines_are_events_of_their_own() =>
        Gives("event: e\ndata: {\"a\":1}\ndata: {\"b\":2}\ndata: [DONE]\n\n",
            "event [e] {\"a\":1}", "event [] {\"b\":2}", "event [] [DONE]", "End");
}
