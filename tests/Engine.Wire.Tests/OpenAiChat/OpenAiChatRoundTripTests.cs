using System.Globalization;
using System.Text;
using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;
using FsCheck;
using FsCheck.Fluent;
using static Engine.Wire.Tests.OpenAiChat.OpenAiChatWire;

namespace Engine.Wire.Tests.OpenAiChat;

/// <summary>What this dialect can express survives being written and read, streamed and whole.</summary>
public class OpenAiChatRoundTripTests
{
    private enum Kind
    {
        Text,
        Reasoning,
        Signed,
        Redacted,
        Refusal,
        Call,
        SignedCall,
    }

    private static readonly Gen<string> Texts =
        ArbMap.Default.GeneratorFor<NonEmptyString>().Select(static text => Encoding.UTF8.GetString(JsonStrings.Escape(text.Get)));

    private static readonly Gen<(Kind Kind, string[] Deltas)> Blocks = Gen.Zip(
        Gen.Elements(Enum.GetValues<Kind>()), Texts.ArrayOf().Where(static deltas => deltas.Length > 0));

    private static readonly Arbitrary<string> Answers = Gen.Zip(Blocks.ListOf(), Gen.Elements("Stop", "Length", "ContentFilter")).Select(static answer => TranscriptOf(answer.Item1, answer.Item2)).ToArbitrary();

    [Fact]
    public void What_was_written_is_read() => Prop
        .ForAll(Answers, static transcript => Assert.Equal(
            Lines(transcript),
            Stream(Events(Write(transcript, WithUsage with { Model = "up" }))).Coalesced))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Streamed_and_whole_answers_fold_to_the_same() => Prop
        .ForAll(Answers, static transcript => Assert.Equal(
            FoldOf(sink => ReadStream(Write(transcript, WithUsage), sink)),
            FoldOf(sink => OpenAiChatDialect.Instance.CreateReader(Context).ReadBody(Encoding.UTF8.GetBytes(WriteBody(transcript)), sink))))
        .QuickCheckThrowOnFailure();

    private static void ReadStream(string stream, ICompletionSink sink)
    {
        var reader = OpenAiChatDialect.Instance.CreateReader(Context);
        foreach (var data in Events(stream))
        {
            reader.ReadEvent(default, Encoding.UTF8.GetBytes(data), sink);
        }
    }

    private static string FoldOf(Action<ICompletionSink> read)
    {
        using var fold = new CompletionFold();
        read(fold);
        string Joined(BlockKind kind) => string.Concat(fold.Blocks.Where(block => block.Kind == kind).Select(static block => block.Content.ToString()));
        var calls = fold.Blocks.Where(static block => block.Kind == BlockKind.ToolCall)
            .Select(static block => $"{Encoding.UTF8.GetString(block.ToolId)} {Encoding.UTF8.GetString(block.ToolName)} {block.Content.ToString()} {block.Signature.ToString()}");
        var signatures = fold.Blocks.Where(static block => block.Kind is BlockKind.Reasoning or BlockKind.RedactedReasoning && !block.Signature.IsEmpty)
            .Select(static block => $"{block.Kind} {block.SignatureFamily} {block.Signature.ToString()}");
        return string.Join('\n', [
            Joined(BlockKind.Text), Joined(BlockKind.Reasoning), Joined(BlockKind.Refusal), .. calls, .. signatures,
            fold.ResolvedFinish().ToString(), fold.TokenUsage.ToString(), fold.Ended.ToString()]);
    }

    private static IEnumerable<string> Lines(string transcript)
    {
        var sink = new TranscriptSink();
        Transcript.Play(transcript, sink);
        return sink.Coalesced;
    }

    // Neighbours of one kind would be one block on the wire: the second is left out.
    private static string TranscriptOf(IEnumerable<(Kind Kind, string[] Deltas)> blocks, string finish)
    {
        var lines = new List<string> { "start \"id1\" \"up\"" };
        var ends = new List<string>();
        var ordinal = 0;
        Kind? last = null;
        foreach (var (kind, deltas) in blocks)
        {
            if (kind == last && kind is Kind.Text or Kind.Reasoning or Kind.Refusal)
            {
                continue;
            }

            // Unsigned reasoning directly before signed reasoning is one block, too.
            if (last == Kind.Reasoning && kind == Kind.Signed)
            {
                continue;
            }

            var key = string.Create(CultureInfo.InvariantCulture, $"#{ordinal++}");
            lines.AddRange(LinesOf(kind, key, deltas));
            if (kind is Kind.Call or Kind.SignedCall)
            {
                ends.Add($"tool-{key}");
            }

            last = kind;
        }

        // The writer refuses an answer that is nothing at all.
        lines.AddRange(["usage in=10 cached=4 write=1 out=6 reasoning=2", .. ends, $"finish {finish} \"{WordOf(finish, ends.Count > 0)}\" \"\" \"\"", "end"]);
        lines[^2] = ends.Count > 0 && finish == "Stop" ? "finish ToolCalls \"tool_calls\" \"\" \"\"" : lines[^2];
        return string.Join('\n', lines);
    }

    private static string WordOf(string finish, bool hasCalls) => finish switch
    {
        "Stop" => hasCalls ? "tool_calls" : "stop",
        "Length" => "length",
        _ => "content_filter",
    };

    private static IEnumerable<string> LinesOf(Kind kind, string key, string[] deltas) => kind switch
    {
        Kind.Text => deltas.Select(delta => $"text{key} \"{delta}\""),
        Kind.Reasoning => deltas.Select(delta => $"reasoning{key} \"{delta}\""),
        Kind.Refusal => deltas.Select(delta => $"refusal{key} \"{delta}\""),
        Kind.Signed => [.. deltas.Select(delta => $"reasoning{key} \"{delta}\""), $"signature{key} Claude \"c2ln{key[1..]}\""],
        Kind.Redacted => [$"redacted{key} Claude \"ZW5j{key[1..]}\""],
        Kind.Call => [$"tool+{key} \"call_{key[1..]}\" \"f\"", .. deltas.Select(delta => $"args{key} \"{delta}\"")],
        _ => [$"signature{key} Gemini \"R2Vt{key[1..]}\"", $"tool+{key} \"call_{key[1..]}\" \"g\"", .. deltas.Select(delta => $"args{key} \"{delta}\"")],
    };
}
