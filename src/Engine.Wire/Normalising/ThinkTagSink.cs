using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Turns a leading <c>&lt;think&gt;…&lt;/think&gt;</c> of the text into reasoning, for upstreams configured so (wire/mapping.md §3.4,
/// pitfall 29). A tag may be cut anywhere; one that is never closed makes the whole text reasoning. Reasoning takes the block's key
/// and later blocks move up by one.
/// </summary>
internal sealed class ThinkTagSink : TextWindowSink
{
    private const int Undecided = 0;
    private const int Inside = 1;
    private const int After = 2;
    private const int Settled = 3;

    // Added to a state once reasoning was passed on.
    private const int Reasoned = 8;

    private const int MaximumHeld = 256;

    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r\n"u8);
    private static readonly byte[][] Opening = [.. Tags("<")];
    private static readonly byte[][] Closing = [.. Tags("</")];
    private static readonly int LongestClosing = Closing.Max(static tag => tag.Length);

    public ThinkTagSink(ICompletionSink next)
        : base(next)
    {
    }

    public override void Text(BlockKey key, EscapedText delta)
    {
        if (StateOf(WindowOf(key.Candidate)) == Settled)
        {
            Next.Text(Moved(key), delta);
        }
        else
        {
            base.Text(key, delta);
        }
    }

    public override void Reasoning(BlockKey key, EscapedText delta) => Next.Reasoning(Settle(key), delta);

    public override void Signature(BlockKey key, SignatureFamily family, EscapedText blob) => Next.Signature(Settle(key), family, blob);

    public override void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data) =>
        Next.RedactedReasoning(Settle(key), family, data);

    public override void ToolStart(BlockKey key, EscapedText id, EscapedText name) => Next.ToolStart(Settle(key), id, name);

    public override void ToolArguments(BlockKey key, EscapedText fragment) => Next.ToolArguments(Moved(key), fragment);

    public override void ToolArguments(BlockKey key, RawJson whole) => Next.ToolArguments(Moved(key), whole);

    public override void ToolEnd(BlockKey key) => Next.ToolEnd(Moved(key));

    public override void Cite(BlockKey key, in Citation citation) => Next.Cite(Moved(key), citation);

    public override void Refusal(BlockKey key, EscapedText delta) => Next.Refusal(Settle(key), delta);

    public override void Media(BlockKey key, EscapedText mimeType, EscapedText base64) => Next.Media(Settle(key), mimeType, base64);

    protected override void OnText(TextWindow window)
    {
        if (StateOf(window) == Undecided)
        {
            Decide(window);
        }

        if (StateOf(window) == Inside)
        {
            PassReasoning(window);
        }

        if (StateOf(window) == After && window.Text.IndexOfAnyExcept(WhiteSpace) is >= 0 and var start)
        {
            window.Skip(start);
            Enter(window, Settled);
        }

        if (StateOf(window) == Settled)
        {
            PassText(window);
        }
    }

    protected override void OnBlockEnd(TextWindow window)
    {
        switch (StateOf(window))
        {
            case Inside:
                PassReasoning(window, window.Text.Length);
                break;
            case Undecided:
                PassText(window);
                break;
            default:
                // White space behind the closing tag.
                break;
        }

        Enter(window, Settled);
    }

    private static int StateOf(TextWindow window) => window.State & ~Reasoned;

    private static void Enter(TextWindow window, int state) => window.State = state | (window.State & Reasoned);

    private static IEnumerable<byte[]> Tags(string start) =>
        new[] { "think", "thinking", "thought", "reasoning" }.Select(name => System.Text.Encoding.ASCII.GetBytes($"{start}{name}>"));

    private static void Decide(TextWindow window)
    {
        var text = window.Text;
        var start = text.IndexOfAnyExcept(WhiteSpace);
        if ((start < 0 ? text.Length : start) > MaximumHeld)
        {
            Enter(window, Settled);
            return;
        }

        var mayBecome = start < 0;
        foreach (var tag in Opening)
        {
            if (start >= 0 && text[start..].StartsWith(tag))
            {
                window.Skip(start + tag.Length);
                Enter(window, Inside);
                return;
            }

            mayBecome |= start >= 0 && tag.AsSpan().StartsWith(text[start..]);
        }

        if (!mayBecome)
        {
            Enter(window, Settled);
        }
    }

    private BlockKey Moved(BlockKey key) => (WindowOf(key.Candidate).State & Reasoned) == 0 ? key : key with { Ordinal = key.Ordinal + 1 };

    private BlockKey Settle(BlockKey key)
    {
        var window = WindowOf(key.Candidate);
        Release(window);
        Enter(window, Settled);
        return Moved(key);
    }

    private void PassText(TextWindow window)
    {
        if (window.Text.Length > 0)
        {
            Next.Text(Moved(window.Key), window.Escaped(window.Text.Length));
            window.Skip(window.Text.Length);
        }
    }

    private void PassReasoning(TextWindow window)
    {
        var first = (At: window.Text.Length, Length: 0);
        foreach (var tag in Closing)
        {
            var at = window.Text.IndexOf(tag);
            if (at >= 0 && at < first.At)
            {
                first = (at, tag.Length);
            }
        }

        if (first.Length == 0)
        {
            PassReasoning(window, window.WholeCharacters(Math.Max(window.Text.Length - LongestClosing + 1, 0)));
            return;
        }

        PassReasoning(window, first.At);
        window.Skip(first.Length);
        Enter(window, After);
    }

    // White space before the first word of the reasoning is the template's, not the model's.
    private void PassReasoning(TextWindow window, int count)
    {
        if ((window.State & Reasoned) == 0)
        {
            var blank = window.Text[..count].IndexOfAnyExcept(WhiteSpace);
            var skipped = blank < 0 ? count : blank;
            window.Skip(skipped);
            count -= skipped;
        }

        if (count > 0)
        {
            Next.Reasoning(window.Key, window.Escaped(count));
            window.Skip(count);
            window.State |= Reasoned;
        }
    }
}
