using System.Text;
using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicStreamLawTests
{
    private static readonly string[] Inputs =
    [
        """{}""",
        """{"a":1}""",
        """{"s":"}{\"\\","n":[1,{"u":"\u00e9\""}]}""",
        """{ "nested" : { "b" : [ ] } , "t" : "\\" }""",
    ];

    [Fact]
    public void Any_events_in_any_order_give_a_legal_stream()
    {
        string[] verbs =
        [
            "text#K \"t\"", "text#K \"\"", "reasoning#K \"r\"", "signature#K Claude \"Eq\"", "signature#K Gemini \"Ep\"", "redacted#K Gpt \"Zm\"",
            "tool+#K \"id K\" \"f\"", "args#K \"{\\\"a\"", "args#K \"\\\":1}\"", "args#K \"\\n\"", "json#K {\"b\": 2}", "tool-#K",
            "cite#K \"https://u\" \"t\" \"c\" -1 -1", "refusal#K \"no\"", "media#K \"image/png\" \"iVBO\"", "usage in=9 cached=4 write=1 out=3 reasoning=1",
            "text#K@1 \"other\"", "finish Stop \"s\" \"\" \"\"", "finish Length \"l\" \"\" \"\"", "finish MalformedCall \"m\" \"\" \"\"", "error Overloaded \"o\"", "end",
        ];

        // Finish, error and end are rare, so that most sequences are long.
        var verb = Gen.Frequency((20, Gen.Choose(0, verbs.Length - 6)), (1, Gen.Choose(verbs.Length - 5, verbs.Length - 1))).Select(index => verbs[index]);
        var line = verb.SelectMany(each => Gen.Choose(0, 3).Select(key => each.Replace("K", key.ToString(), StringComparison.Ordinal)));
        var shows = Gen.Elements(Enum.GetValues<ReasoningShow>());
        var plays = line.ArrayOf().SelectMany(lines => shows.Select(show => (Lines: lines, Show: show)));
        Prop.ForAll(plays.ToArbitrary(), play => AnthropicGrammar.Fault(
                AnthropicPlay.WriteStream("start \"\" \"\"\n" + string.Join('\n', play.Lines) + "\nend", play.Show)).Length == 0)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(600).WithEndSize(60));
    }

    [Fact]
    public void Interleaved_blocks_arrive_whole_and_in_order_of_appearance()
    {
        // A word of random numbers decides everything: which blocks there are, where they are cut, how they mix.
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var plan = Interleaving(seed);
            var read = Fold(AnthropicPlay.ReadStream(AnthropicPlay.WriteStream(string.Join('\n', plan))).Lines);
            return read.SequenceEqual(Fold(plan), StringComparer.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Reading_what_was_written_gives_the_same_events()
    {
        const string transcript = """
            start "msg_1" "claude-x"
            usage in=7 cached=2 write=1 out=0 reasoning=-1
            reasoning#0 "plan"
            reasoning#0 " more \n"
            signature#0 Claude "EqQ/+="
            redacted#1 Claude "Zm9v"
            text#2 "Hel"
            text#2 "lo \u00e9 \"x\""
            cite#2 "https://a" "A" "said" -1 -1
            tool+#3 "toolu_1" "f"
            args#3 "{\"a\""
            args#3 ":1}"
            tool-#3
            tool+#4 "toolu_2" "g"
            tool-#4
            text#5 "after"
            usage in=7 cached=2 write=1 out=9 reasoning=4
            finish ToolCalls "tool_use" "" ""
            end
            """;
        Assert.Equal(transcript.ReplaceLineEndings("\n").Split('\n'), AnthropicPlay.ReadStream(AnthropicPlay.WriteStream(transcript)).Lines);
    }

    private static List<string> Interleaving(int seed)
    {
        var random = new Random(seed);
        var lines = new List<string> { "start \"msg_1\" \"claude-x\"" };
        var calls = new List<(int Key, Queue<string> Fragments)>();
        for (var key = 0; key < random.Next(1, 6);)
        {
            // Text never resumes under its key; only calls overlap.
            if (random.Next(3) == 0)
            {
                lines.AddRange(Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"text#{key} \"t{random.Next(10)}\""));
                key++;
            }
            else if (random.Next(2) == 0)
            {
                lines.Add($"tool+#{key} \"call_{key}\" \"f\"");
                calls.Add((key, Cut(Inputs[random.Next(Inputs.Length)], random)));
                key++;
            }

            foreach (var (callKey, fragments) in calls)
            {
                if (random.Next(2) == 0 && fragments.TryDequeue(out var fragment))
                {
                    lines.Add($"args#{callKey} \"{fragment}\"");
                }
            }
        }

        foreach (var (callKey, fragments) in calls)
        {
            lines.AddRange(fragments.Select(fragment => $"args#{callKey} \"{fragment}\""));
        }

        lines.Add("finish Stop \"stop\" \"\" \"\"");
        lines.Add("end");
        return lines;
    }

    // Cut between characters of the arguments; escaped once more, as on the wire.
    private static Queue<string> Cut(string input, Random random)
    {
        var fragments = new Queue<string>();
        for (var at = 0; at < input.Length;)
        {
            var length = random.Next(1, 5);
            var piece = input.Substring(at, Math.Min(length, input.Length - at));
            fragments.Enqueue(piece.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));
            at += length;
        }

        return fragments;
    }

    private static IEnumerable<string> Fold(IReadOnlyList<string> lines)
    {
        using var fold = new CompletionFold();
        Transcript.Play(lines, fold);
        return [.. fold.Blocks.Select(block => $"{block.Kind} {Encoding.UTF8.GetString(block.ToolId)} {block.Content.ToString()}")];
    }
}
