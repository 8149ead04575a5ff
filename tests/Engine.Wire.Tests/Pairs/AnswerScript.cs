using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Pairs;

/// <summary>An answer as a model means it, to be said in any dialect. Texts are escaped, as they stand in JSON strings.</summary>
internal sealed record AnswerScript(IReadOnlyList<ScriptBlock> Blocks, FinishReason Finish, TokenUsage Usage)
{
    /// <summary>Plays the answer; signatures are of the family given.</summary>
    public void Play(ICompletionSink sink, SignatureFamily family)
    {
        sink.Start(EscapedText.FromContent("answer-1"u8), EscapedText.FromContent("upstream-model"u8));
        var ordinal = 0;
        foreach (var block in Blocks)
        {
            block.Play(sink, family, ref ordinal);
        }

        sink.Usage(Usage);
        sink.Finish(new FinishEvent { Reason = Finish });
        sink.End();
    }

    public override string ToString() => $"{string.Join("\n", Blocks)}\n{Finish} {Usage}";
}

/// <summary>Content of one kind.</summary>
internal abstract record ScriptBlock
{
    public abstract void Play(ICompletionSink sink, SignatureFamily family, ref int ordinal);

    protected static EscapedText Escaped(string text) => EscapedText.FromContent(Encoding.UTF8.GetBytes(text));
}

internal sealed record TextBlock(params string[] Deltas) : ScriptBlock
{
    public override void Play(ICompletionSink sink, SignatureFamily family, ref int ordinal)
    {
        var key = new BlockKey(ordinal++);
        foreach (var delta in Deltas)
        {
            sink.Text(key, Escaped(delta));
        }
    }

    public override string ToString() => $"text {string.Join('|', Deltas)}";
}

internal sealed record RefusalBlock(params string[] Deltas) : ScriptBlock
{
    public override void Play(ICompletionSink sink, SignatureFamily family, ref int ordinal)
    {
        var key = new BlockKey(ordinal++);
        foreach (var delta in Deltas)
        {
            sink.Refusal(key, Escaped(delta));
        }
    }

    public override string ToString() => $"refusal {string.Join('|', Deltas)}";
}

internal sealed record ReasoningBlock(string Signature, params string[] Deltas) : ScriptBlock
{
    public override void Play(ICompletionSink sink, SignatureFamily family, ref int ordinal)
    {
        var key = new BlockKey(ordinal++);
        foreach (var delta in Deltas)
        {
            sink.Reasoning(key, Escaped(delta));
        }

        if (Signature.Length > 0)
        {
            sink.Signature(key, family, Escaped(Signature));
        }
    }

    public override string ToString() => $"reasoning ({Signature}) {string.Join('|', Deltas)}";
}

/// <summary>One call. Its arguments come as a JSON value, or as fragments of an escaped JSON text.</summary>
internal sealed record ScriptCall(string Id, string Name, string Arguments, IReadOnlyList<string>? Fragments)
{
    public override string ToString() => $"{Name} {Id} {Arguments} in {(Fragments is null ? "one" : string.Join('|', Fragments))}";
}

/// <summary>Parallel calls, one after the other or with their fragments interleaved.</summary>
internal sealed record CallsBlock(bool Interleaved, params ScriptCall[] Calls) : ScriptBlock
{
    public override void Play(ICompletionSink sink, SignatureFamily family, ref int ordinal)
    {
        var first = ordinal;
        ordinal += Calls.Length;
        if (!Interleaved)
        {
            for (var i = 0; i < Calls.Length; i++)
            {
                var key = new BlockKey(first + i);
                sink.ToolStart(key, Escaped(Calls[i].Id), Escaped(Calls[i].Name));
                for (var step = 0; Step(sink, key, Calls[i], step); step++)
                {
                }

                sink.ToolEnd(key);
            }

            return;
        }

        for (var i = 0; i < Calls.Length; i++)
        {
            sink.ToolStart(new BlockKey(first + i), Escaped(Calls[i].Id), Escaped(Calls[i].Name));
        }

        var more = true;
        for (var step = 0; more; step++)
        {
            more = false;
            for (var i = 0; i < Calls.Length; i++)
            {
                more |= Step(sink, new BlockKey(first + i), Calls[i], step);
            }
        }

        for (var i = 0; i < Calls.Length; i++)
        {
            sink.ToolEnd(new BlockKey(first + i));
        }
    }

    public override string ToString() => $"calls{(Interleaved ? " interleaved" : "")}\n  {string.Join("\n  ", Calls.AsEnumerable())}";

    private static bool Step(ICompletionSink sink, BlockKey key, ScriptCall call, int step)
    {
        if (call.Fragments is { } fragments)
        {
            if (step < fragments.Count)
            {
                sink.ToolArguments(key, Escaped(fragments[step]));
            }

            return step < fragments.Count;
        }

        if (step == 0 && call.Arguments.Length > 0)
        {
            sink.ToolArguments(key, RawJson.FromUtf8(Encoding.UTF8.GetBytes(call.Arguments)));
        }

        return false;
    }
}
