using System.Buffers;
using System.Text;
using Engine.Testing;
using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

/// <summary>The cases of wire/pitfalls.md that framing owns, or has its share in.</summary>
public class FramingPitfallTests
{
    private static void Gives(byte[] input, params string[] expected) => FrameTranscript.Is(FrameFormat.Sse, input, expected);

    [Fact]
    public void Pitfall_001_a_character_split_over_reads_arrives_whole() =>
        Gives("data: {\"t\":\"日本😀\"}\n\n"u8.ToArray(), "event [] {\"t\":\"日本😀\"}", "End");

    [Theory]
    [InlineData("22 E6 97 22", "\"\uFFFD\"")]
    [InlineData("22 FF 22", "\"\uFFFD\"")]
    [InlineData("22 F0 9F 98 C3 A9 22", "\"\uFFFDé\"")]
    public void Pitfall_002_bad_utf8_becomes_one_replacement_character_and_the_stream_goes_on(string hex, string text)
    {
        byte[] bad = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] input = [.. "data: "u8, .. bad, .. "\n\ndata: 2\n\n"u8];
        foreach (var chunking in Chunkings.All(input))
        {
            Assert.Equal(["event [] " + text, "event [] 2", "End"], FrameTranscript.Read(FrameFormat.Sse, chunking));
        }
    }

    [Fact]
    public void Pitfall_002_what_is_passed_through_keeps_its_bad_bytes()
    {
        using var reader = new FrameReader(FrameFormat.Sse);
        byte[] input = [.. "data: "u8, 0xFF, .. "\n\n"u8];
        input.CopyTo(reader.GetMemory());
        reader.Advance(input.Length);

        Assert.Equal(FrameStatus.Frame, reader.Read(out var frame));
        Assert.Equal("\uFFFD"u8.ToArray(), frame.Data.ToArray());
        Assert.Equal(input, frame.Raw.ToArray());
    }

    [Fact]
    public void Pitfall_003_json_split_over_reads_is_given_out_when_it_is_whole() =>
        Gives("data: {\"choices\":[{\"delta\":{\"content\":\"a\\\"b\"}}]}\n\n"u8.ToArray(),
            "event [] {\"choices\":[{\"delta\":{\"content\":\"a\\\"b\"}}]}", "End");

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Pitfall_004_every_line_end_field_and_comment_is_legal(string end)
    {
        string[] lines = [": hello", "", "id: 1", "retry: 5", "event: a", "data:{\"x\":1}", "", ": ping", "", "data:{\"x\":2}", "", ""];
        Gives(Encoding.UTF8.GetBytes(string.Join(end, lines)), "event [a] {\"x\":1}", "event [] {\"x\":2}", "End");
    }

    [Fact]
    public void Pitfall_005_an_event_without_data_is_no_event() =>
        Gives("data:\n\ndata: \n\nevent: a\ndata:\n\ndata: 1\n\n"u8.ToArray(), "event [] 1", "End");

    [Fact]
    public void Pitfall_006_a_keep_alive_is_a_comment_line_alone()
    {
        var output = new ArrayBufferWriter<byte>();
        SseWriter.WriteData(output, "1"u8);
        SseWriter.WriteComment(output, "ping"u8);
        SseWriter.WriteData(output, "2"u8);

        string text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.Equal("data: 1\n\n: ping\ndata: 2\n\n", text);
        Assert.DoesNotContain("id:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data: 1\n\ndata: 2")]
    [InlineData("data: 1\n\ndata: 2\n")]
    [InlineData("data: 1\r\n\r\ndata: 2\r\n")]
    public void Pitfall_009_the_last_event_without_a_blank_line_is_read(string input) =>
        Gives(Encoding.UTF8.GetBytes(input), "event [] 1", "event [] 2", "End");

    [Fact]
    public void Pitfall_009_what_is_written_always_ends_with_a_blank_line()
    {
        var output = new ArrayBufferWriter<byte>();
        SseWriter.WriteEvent(output, "a"u8, "{}"u8);

        Assert.EndsWith("\n\n", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"a\":1}\r\n,\r\n{\"a\":2}]", "event [] {\"a\":1}", "event [] {\"a\":2}", "End")]
    [InlineData("[{\"error\":{\"code\":429}}]", "event [] {\"error\":{\"code\":429}}", "End")]
    [InlineData("{\"error\":{\"code\":429}}", "event [] {\"error\":{\"code\":429}}", "End")]
    public void Pitfall_010_an_array_in_pieces_and_an_error_in_its_place_are_both_read(string body, params string[] expected) =>
        FrameTranscript.Is(FrameFormat.Detect, body, expected);

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData(": nothing\n\n")]
    public void Pitfall_011_an_empty_stream_ends_without_a_frame(string body) => Gives(Encoding.UTF8.GetBytes(body), "End");

    [Fact]
    public void Pitfall_012_an_array_that_was_not_closed_is_not_a_regular_end() =>
        FrameTranscript.Is(FrameFormat.JsonArray, "[{\"a\":1}\n,", "event [] {\"a\":1}", "Truncated");

    [Fact]
    public void Pitfall_014_an_error_body_inside_a_stream_is_not_lost() =>
        Gives("data: 1\n\n{\n  \"error\": {\"code\": 499}\n}\n"u8.ToArray(),
            "event [] 1", "bare [] {\n  \"error\": {\"code\": 499}\n}", "End");
}
