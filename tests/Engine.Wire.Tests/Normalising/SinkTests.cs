using System.Text;
using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Json;
using Engine.Wire.Normalising;
using Engine.Wire.Normalising.Schemas;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Normalising;

/// <summary>Repairs of the answer. What they do must not depend on how the text was cut into deltas.</summary>
public sealed class SinkTests
{
    [Theory]
    [InlineData("abcENDdef", "text#0 \"abc\"\nfinish StopSequence \"\" \"END\" \"\"\nend")]
    [InlineData("END", "finish StopSequence \"\" \"END\" \"\"\nend")]
    [InlineData("abEN", "text#0 \"abEN\"\nfinish Stop \"stop\" \"\" \"\"\nend")]
    [InlineData("a\\nb\\n\\nc", "text#0 \"a\\nb\"\nfinish StopSequence \"\" \"\\n\\n\" \"\"\nend")]
    [InlineData("\\u0045ND", "finish StopSequence \"\" \"END\" \"\"\nend")]
    [InlineData("\\ud83d\\ude00 日本", "text#0 \"\U0001F600 \"\nfinish StopSequence \"\" \"日本\" \"\"\nend")]
    [InlineData("日", "text#0 \"日\"\nfinish Stop \"stop\" \"\" \"\"\nend")]
    public void A_stop_sequence_cuts_the_text_however_it_was_split(string text, string expected) => AtEverySplit(text, expected, sink => new StopSequenceSink(sink, Stops("END", "\n\n", "日本"), 1));

    [Fact]
    public void Only_text_is_searched_for_stop_sequences()
    {
        var answer = new TranscriptSink();
        Transcript.Play(
            """
            start "i" "m"
            reasoning#0 "END"
            tool+#1 "c" "END"
            args#1 "END"
            tool-#1
            text#2 "E"
            tool+#3 "c2" "f"
            tool-#3
            text#4 "ND"
            finish ToolCalls "x" "" ""
            end
            """,
            new StopSequenceSink(answer, Stops("END"), 1));
        Assert.Equal(11, answer.Lines.Count);
        Assert.Contains("text#2 \"E\"", answer.Lines);
        Assert.Contains("text#4 \"ND\"", answer.Lines);
    }

    [Fact]
    public void After_a_stop_sequence_only_usage_and_the_end_pass_and_the_answer_is_whole()
    {
        var answer = new TranscriptSink();
        RelaySink sink = new ToolNameSink(new StopSequenceSink(answer, Stops("END"), 1), []);
        Transcript.Play("start \"i\" \"m\"\ntext#0 \"a\"", sink);
        Assert.False(sink.IsAnswerWhole);
        Transcript.Play("text#0 \"END\"", sink);
        Assert.True(sink.IsAnswerWhole);
        Transcript.Play(
            """
            text#0 "more"
            reasoning#1 "r"
            signature#1 Claude "s"
            redacted#2 Claude "s"
            tool+#3 "c" "f"
            args#3 "x"
            tool-#3
            cite#0 "u" "t" "c" 0 1
            refusal#4 "no"
            media#5 "image/png" "AA"
            usage in=1 cached=-1 write=-1 out=2 reasoning=-1
            finish Stop "stop" "" ""
            """,
            sink);
        sink.Error(new UpstreamError(ErrorKind.Truncated, "cancelled"));
        sink.End();
        Assert.Equal(
            ["start \"i\" \"m\"", "text#0 \"a\"", "finish StopSequence \"\" \"END\" \"\"", "usage in=1 cached=-1 write=-1 out=2 reasoning=-1", "end"],
            answer.Coalesced);
    }

    [Fact]
    public void Of_several_candidates_each_stops_alone()
    {
        var answer = new TranscriptSink();
        var sink = new StopSequenceSink(answer, Stops("END"), 2);
        Transcript.Play("text#0 \"aEND\"\ntext#1@1 \"b\"\ntext#0 \"x\"", sink);
        Assert.False(sink.IsAnswerWhole);
        Transcript.Play("text#1@1 \"END\"", sink);
        Assert.True(sink.IsAnswerWhole);
        Assert.Equal("text#0 \"a\"\nfinish StopSequence \"\" \"END\" \"\"\ntext#1@1 \"b\"\nfinish@1 StopSequence \"\" \"END\" \"\"", answer.ToString());
    }

    [Fact]
    public void Held_text_comes_before_an_error()
    {
        var answer = new TranscriptSink();
        Transcript.Play("text#0 \"EN\"\nerror Truncated \"gone\"", new StopSequenceSink(answer, Stops("END"), 1));
        Assert.Equal("text#0 \"EN\"\nerror Truncated \"gone\"", answer.ToString());
    }

    [Theory]
    [InlineData("{\\\"a\\\":1}", "{\\\"a\\\":1}")]
    [InlineData("```json\\n{\\\"a\\\":1}\\n```", "{\\\"a\\\":1}")]
    [InlineData("\\n ```\\n\\n[1]\\n```\\n\\n", "[1]")]
    [InlineData("```json {} ```", "{}")]
    [InlineData("```\\n{\\\"code\\\":\\\"```\\\"}\\n```", "{\\\"code\\\":\\\"```\\\"}")]
    [InlineData("```json\\n{}", "{}")]
    [InlineData("{} ```", "{} ```")]
    [InlineData("``", "``")]
    [InlineData("Here: ```json\\n{}\\n```", "Here: ```json\\n{}\\n```")]
    [InlineData("```json\\n{}\\n``` and more", "{}\\n``` and more")]
    public void A_fence_around_the_answer_is_cut_off_however_it_was_split(string text, string expected) =>
        AtEverySplit(text, $"text#0 \"{expected}\"\nfinish Stop \"stop\" \"\" \"\"\nend", sink => new FenceStrippingSink(sink));

    [Theory]
    [InlineData("<think>why</think>because", "reasoning#0 \"why\"\ntext#1 \"because\"")]
    [InlineData("\\n<thought>\\nwhy \\n</thought>\\n\\nbecause <think>x</think>", "reasoning#0 \"why \\n\"\ntext#1 \"because <think>x</think>\"")]
    [InlineData("<reasoning>日本</reasoning>ok", "reasoning#0 \"日本\"\ntext#1 \"ok\"")]
    [InlineData("<thinking>a</b></thinking>ok", "reasoning#0 \"a</b>\"\ntext#1 \"ok\"")]
    [InlineData("<think>\\n\\n</think>\\n\\nok", "text#0 \"ok\"")]
    [InlineData("<think>never closed </thi", "reasoning#0 \"never closed </thi\"")]
    [InlineData("<thin", "text#0 \"<thin\"")]
    [InlineData("<table>", "text#0 \"<table>\"")]
    [InlineData("say <think>x</think>", "text#0 \"say <think>x</think>\"")]
    [InlineData("<think>only</think> ", "reasoning#0 \"only\"")]
    public void Pitfall_29_A_leading_tag_becomes_reasoning_however_it_was_split(string text, string expected) =>
        AtEverySplit(text, $"{expected}\nfinish Stop \"stop\" \"\" \"\"\nend", sink => new ThinkTagSink(sink));

    [Fact]
    public void Pitfall_29_Blocks_after_reasoning_from_a_tag_move_up_by_one()
    {
        var answer = new TranscriptSink();
        Transcript.Play(
            """
            start "i" "m"
            text#0 "<think>why</think>I call"
            signature#1 Gemini "s"
            tool+#1 "c" "f"
            args#1 "{}"
            tool-#1
            text#2 "<think>not at the start</think>"
            refusal#3 "no"
            media#4 "image/png" "AA"
            """,
            new ThinkTagSink(answer));
        Assert.Equal(
            ["start", "reasoning#0", "text#1", "signature#2", "tool+#2", "args#2", "tool-#2", "text#3", "refusal#4", "media#5"],
            answer.Coalesced.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void Pitfall_29_A_tag_is_looked_for_at_the_very_start_only()
    {
        var answer = new TranscriptSink();
        const string Lines = "reasoning#0 \"r\"\ntext#1 \"<think>x</think>\"";
        Transcript.Play(Lines, new ThinkTagSink(answer));
        Assert.Equal(Lines, answer.ToString());
    }

    [Fact]
    public void Pitfall_88_Arguments_in_fragments_come_back_whole_with_their_numbers()
    {
        var answer = new TranscriptSink();
        Transcript.Play(
            """
            tool+#0 "c" "pick"
            args#0 "{\"size\":\"2"
            tool+#1 "d" "other"
            args#1 "{\"size\":\"2\"}"
            args#0 "\",\"x\":\"2\"}"
            tool-#0
            tool-#1
            """,
            Coercing(answer));
        Assert.Equal(
            ["tool+#0 \"c\" \"pick\"", "tool+#1 \"d\" \"other\"", "args#1 \"{\\\"size\\\":\\\"2\\\"}\"", "json#0 {\"size\":2,\"x\":\"2\"}", "tool-#0", "tool-#1"],
            answer.Lines);
    }

    [Theory]
    [InlineData("json#0 {\"size\":\"1\"}", "json#0 {\"size\":1}")]
    [InlineData("json#0 {\"size\":\"9\", \"y\":1.0}", "json#0 {\"size\":\"9\", \"y\":1.0}")]
    [InlineData("args#0 \"{\\\"size\\\":\"", "args#0 \"{\\\"size\\\":\"")]
    [InlineData("args#0 \"nonsense\"", "args#0 \"nonsense\"")]
    [InlineData("args#0 \"{\\\"size\\\":\\\"1\\\"\"", "args#0 \"{\\\"size\\\":\\\"1\\\"\"")]
    public void Arguments_without_remembered_strings_or_broken_ones_pass_as_they_came(string given, string expected)
    {
        var answer = new TranscriptSink();
        Transcript.Play($"tool+#0 \"c\" \"pick\"\n{given}\ntool-#0\nend", Coercing(answer));
        Assert.Equal(["tool+#0 \"c\" \"pick\"", expected, "tool-#0", "end"], answer.Lines);
    }

    [Fact]
    public void Arguments_of_a_call_that_never_ends_pass_before_the_finish()
    {
        var answer = new TranscriptSink();
        Transcript.Play("tool+#0 \"c\" \"pick\"\nargs#0 \"{\\\"si\"\nfinish Length \"length\" \"\" \"\"\nend", Coercing(answer));
        Assert.Equal("args#0 \"{\\\"si\"", answer.Lines[1]);
    }

    [Fact]
    public void Arguments_past_the_cap_pass_as_they_came()
    {
        var answer = new TranscriptSink();
        var sink = Coercing(answer);
        sink.ToolStart(new(0), Escaped("c"), Escaped("pick"));
        var piece = new string('x', 100_000);
        for (var sent = 0; sent < 2 * ArgumentCoercionSink.MaximumArguments; sent += piece.Length)
        {
            sink.ToolArguments(new(0), Escaped(piece));
        }

        sink.ToolEnd(new(0));
        Assert.True(answer.Lines.Count > 3);
        Assert.Equal(21 * piece.Length, answer.Coalesced[1].Length - "args#0 \"\"".Length);
    }

    [Fact]
    public void Any_text_cut_anywhere_reads_the_same_behind_every_repair() => Prop.ForAll(
        Gen.Elements("```", "`", "json", "\\n", "{", "<think>", "</think>", "<th", "END", "E", "N", "D", "日", "\\u65e5\\u672c", "\\ud83d\\ude00", " ", "\\\"", "a").ListOf(12).ToArbitrary(),
        tokens =>
        {
            static ICompletionSink Repaired(ICompletionSink sink) => new ThinkTagSink(new StopSequenceSink(new FenceStrippingSink(sink), Stops("END", "日本"), 1));
            var whole = Run([string.Concat(tokens)], Repaired);
            var pieces = Run(tokens, Repaired);
            return whole.SequenceEqual(pieces) ? true : throw new InvalidOperationException($"{string.Join('\n', whole)}\n---\n{string.Join('\n', pieces)}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true));

    [Theory]
    [InlineData("text", "plain words and \\u00e9 and \\n")]
    [InlineData("text", "EN")]
    [InlineData("reasoning", "thinking")]
    public void No_repair_allocates_per_event(string kind, string delta)
    {
        ICompletionSink sink = new ThinkTagSink(new ArgumentCoercionSink(new StopSequenceSink(new FenceStrippingSink(new ToolNameSink(new NullSink(), [])), Stops("END"), 1), []));
        sink = new FenceStrippingSink(sink);
        var bytes = Encoding.UTF8.GetBytes(delta);
        void Send(int count)
        {
            for (var i = 0; i < count; i++)
            {
                if (kind == "text")
                {
                    sink.Text(new(1), EscapedText.FromContent(bytes));
                }
                else
                {
                    sink.Reasoning(new(0), EscapedText.FromContent(bytes));
                }
            }
        }

        sink.Text(new(1), EscapedText.FromContent("```json\\n<think>x</think>"u8));
        Send(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Send(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Tool_calls_cost_nothing_once_their_buffers_have_grown()
    {
        var sink = new ToolNameSink(Coercing(new NullSink()), [new("pick"u8.ToArray(), "client.pick"u8.ToArray())]);
        void Send(int count)
        {
            for (var i = 0; i < count; i++)
            {
                sink.ToolStart(new(0), EscapedText.FromContent("c"u8), EscapedText.FromContent("other"u8));
                sink.ToolArguments(new(0), EscapedText.FromContent("{\\\"size\\\":"u8));
                sink.ToolArguments(new(0), EscapedText.FromContent("1}"u8));
                sink.ToolEnd(new(0));
            }
        }

        Send(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Send(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[][] Stops(params string[] stops) => [.. stops.Select(Encoding.UTF8.GetBytes)];

    private static EscapedText Escaped(string text) => EscapedText.FromContent(Encoding.UTF8.GetBytes(text));

    private static ArgumentCoercionSink Coercing(ICompletionSink next)
    {
        var memory = new ArgumentCoercion();
        memory.Property("size").Remember("1", "1"u8);
        memory.Property("size").Remember("2", "2"u8);
        return new ArgumentCoercionSink(next, [new("pick"u8.ToArray(), memory)]);
    }

    // Whole, in two at every token border, and token by token. A border never cuts an escape: each delta is a JSON string.
    private static void AtEverySplit(string text, string expected, Func<ICompletionSink, ICompletionSink> repair)
    {
        var tokens = Tokens(text);
        var lines = expected.Split('\n');
        Assert.Equal(lines, Run([text], repair));
        Assert.Equal(lines, Run(tokens, repair));
        for (var border = 1; border < tokens.Count; border++)
        {
            Assert.Equal(lines, Run([string.Concat(tokens.Take(border)), string.Concat(tokens.Skip(border))], repair));
        }
    }

    private static List<string> Tokens(string escaped)
    {
        var tokens = new List<string>();
        for (var at = 0; at < escaped.Length;)
        {
            var length = escaped[at] != '\\' ? 1 : escaped[at + 1] == 'u' ? 6 : 2;
            tokens.Add(escaped.Substring(at, length));
            at += length;
        }

        return tokens;
    }

    private static IReadOnlyList<string> Run(IEnumerable<string> deltas, Func<ICompletionSink, ICompletionSink> repair)
    {
        var answer = new TranscriptSink();
        var sink = repair(answer);
        foreach (var delta in deltas.Where(delta => delta.Length > 0))
        {
            sink.Text(new(0), Escaped(delta));
        }

        sink.Finish(new FinishEvent { Reason = FinishReason.Stop, Raw = EscapedText.FromContent("stop"u8) });
        sink.End();
        return answer.Coalesced;
    }

    private sealed class NullSink : ICompletionSink
    {
        public void Start(EscapedText id, EscapedText model)
        {
        }

        public void Text(BlockKey key, EscapedText delta)
        {
        }

        public void Reasoning(BlockKey key, EscapedText delta)
        {
        }

        public void Signature(BlockKey key, SignatureFamily family, EscapedText blob)
        {
        }

        public void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data)
        {
        }

        public void ToolStart(BlockKey key, EscapedText id, EscapedText name)
        {
        }

        public void ToolArguments(BlockKey key, EscapedText fragment)
        {
        }

        public void ToolArguments(BlockKey key, RawJson whole)
        {
        }

        public void ToolEnd(BlockKey key)
        {
        }

        public void Cite(BlockKey key, in Citation citation)
        {
        }

        public void Refusal(BlockKey key, EscapedText delta)
        {
        }

        public void Media(BlockKey key, EscapedText mimeType, EscapedText base64)
        {
        }

        public void Usage(in TokenUsage usage)
        {
        }

        public void Finish(in FinishEvent finish)
        {
        }

        public void End()
        {
        }

        public void Error(UpstreamError error)
        {
        }
    }
}
