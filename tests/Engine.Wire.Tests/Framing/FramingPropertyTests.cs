using System.Text;
using Engine.Testing;
using Engine.Wire.Framing;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Framing;

public class FramingPropertyTests
{
    private static readonly Gen<string> LineEnd = Gen.Elements("\n", "\r\n", "\r");

    private static readonly Gen<string> Json = Gen.Elements(
        "{}", "{\"a\":1}", "{\"text\":\"é😀\\n\"}", "{\"b\":\"]}\\\"[{\"}", "{\"c\":{\"d\":[[],{}]}}", "{\"e\":\"\\\\\"}");

    private static readonly Gen<string> Noise = Gen.Elements(": ping", ":", "id: 7", "retry: 10", "other", "other: data: x");

    // One event in some layout, and the line it must give.
    private static readonly Gen<(string Text, string Line)> Event =
        from name in Gen.Elements("", "delta", "message_stop", "é")
        from lines in Gen.OneOf(Json.Select(json => new[] { json }), Gen.Elements("{", "\"a\":1", "}", "é").ArrayOf(3))
        from space in Gen.Elements("", " ")
        from noise in Noise.ListOf()
        from ends in LineEnd.ArrayOf(lines.Length + noise.Count + 2)
        select (Render(name, lines, space, noise, ends), $"event [{name}] {string.Join('\n', lines)}");

    private static string Render(string name, string[] lines, string space, IEnumerable<string> noise, string[] ends)
    {
        var all = noise.Concat(lines.Select(line => $"data:{space}{line}")).ToList();
        if (name.Length > 0)
        {
            all.Insert(all.Count / 2, $"event:{space}{name}");
        }

        // A CR that ends the last line would make one CRLF of itself and an LF for the blank line.
        string blank = ends[all.Count - 1] == "\r" && ends[^1] == "\n" ? "\r\n" : ends[^1];
        return string.Concat(all.Select((line, i) => line + ends[i])) + blank;
    }

    private static void ForAll<T>(Gen<T> inputs, Action<T> law, int tests) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), Prop.ForAll(inputs.ToArbitrary(), law));

    private static void Gives(FrameFormat format, IEnumerable<Chunking> chunkings, IEnumerable<string> expected)
    {
        string wanted = string.Join('\n', expected);
        foreach (var chunking in chunkings)
        {
            Assert.Equal((chunking.Name, wanted), (chunking.Name, string.Join('\n', FrameTranscript.Read(format, chunking))));
        }
    }

    [Fact]
    public void Any_events_in_any_layout_and_any_split_come_out_as_they_went_in() =>
        ForAll(
            Event.ListOf(),
            events =>
            {
                // A lone CR at the end of one event and a leading LF of the next cannot meet: no event begins with one.
                byte[] input = Encoding.UTF8.GetBytes(string.Concat(events.Select(one => one.Text)));
                string[] expected = [.. events.Select(one => one.Line), "End"];
                Gives(FrameFormat.Sse, Chunkings.Sample(input, seed: input.Length), expected);
            },
            tests: 200);

    [Fact]
    public void Any_soup_of_sse_pieces_reads_as_the_standard_says() =>
        ForAll(
            Gen.Elements(
                "data", "data:", "event:", "event", "id: 1", ":", " ", "x", "\t", "é", "\uFEFF",
                "\n", "\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n").ArrayOf(),
            pieces =>
            {
                byte[] input = Encoding.UTF8.GetBytes(string.Concat(pieces));
                var expected = ReferenceSseParser.Parse(input);
                Gives(FrameFormat.Sse, Chunkings.All(input, seed: input.Length), expected.Append("End"));
            },
            tests: 500);

    [Fact]
    public void Any_lines_and_any_split_come_out_as_they_went_in() =>
        ForAll(
            Json.Zip(Gen.Elements("\n", "\r\n", "\n\n", " \n")).ListOf(),
            lines =>
            {
                byte[] input = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line.Item1 + line.Item2)));
                string[] expected = [.. lines.Select(line => "event [] " + line.Item1), "End"];
                Gives(FrameFormat.NdJson, Chunkings.Sample(input, seed: input.Length), expected);
            },
            tests: 200);

    [Fact]
    public void Any_elements_and_any_split_come_out_as_they_went_in() =>
        ForAll(
            Json.Zip(Gen.Elements(",", "\r\n,\r\n", " , ", "\n,")).ListOf(),
            elements =>
            {
                byte[] input = Encoding.UTF8.GetBytes("[" + string.Concat(elements.Select(element => element.Item1 + element.Item2)) + "]");
                string[] expected = [.. elements.Select(element => "event [] " + element.Item1), "End"];
                Gives(FrameFormat.JsonArray, Chunkings.Sample(input, seed: input.Length), expected);
            },
            tests: 200);

    [Theory]
    [InlineData(FrameFormat.Sse)]
    [InlineData(FrameFormat.NdJson)]
    [InlineData(FrameFormat.JsonArray)]
    [InlineData(FrameFormat.Detect)]
    public void Any_bytes_at_all_read_the_same_in_every_split(FrameFormat format) =>
        ForAll(
            Gen.Elements(
                "data: ", "event: e", ":", "{", "}", "[", "]", "\"", "\\", ",", "{\"a\":1}", "x", " ",
                "\n", "\r", "\n\n", "\r\n\r\n").ArrayOf(),
            pieces =>
            {
                byte[] input = Encoding.UTF8.GetBytes(string.Concat(pieces));
                var expected = FrameTranscript.Read(format, Chunkings.Bytes(input));
                Gives(format, Chunkings.All(input, seed: input.Length), expected);
            },
            tests: 300);

    [Theory]
    [InlineData(FrameFormat.Sse, "event: a\r\ndata: {\"é\":\"😀\"}\r\n\r\n: c\n\ndata: 2\ndata: 3\n\n{\"error\":{}}\n")]
    [InlineData(FrameFormat.NdJson, "{\"é\":\"😀\"}\r\n\n{\"b\":2}")]
    [InlineData(FrameFormat.JsonArray, "[{\"é\":\"😀\"}\r\n,\r\n{\"b\":[{}]}]\n")]
    public void A_body_cut_off_anywhere_gives_the_events_before_the_cut(FrameFormat format, string body)
    {
        byte[] input = Encoding.UTF8.GetBytes(body);
        var whole = FrameTranscript.Read(format, Chunkings.Bytes(input));
        for (int cut = 0; cut < input.Length; cut++)
        {
            var events = FrameTranscript.Read(format, Chunkings.Bytes(input[..cut]));
            int same = events.Zip(whole).TakeWhile(pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal)).Count();

            // At most the event that was cut differs, and the last word.
            Assert.InRange(events.Count - same, 0, 2);
            Assert.True(events[^1] is "End" || (events[^1] is "Truncated" && format == FrameFormat.JsonArray), events[^1]);
        }
    }
}
