using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>What the event reader remembers of one candidate between events.</summary>
internal sealed class GeminiCandidate(int index)
{
    /// <summary>Its index on the wire.</summary>
    public int Index { get; } = index;

    /// <summary>The block that the next delta of the same kind continues; null when the next part opens one.</summary>
    public BlockKey? Open { get; set; }

    /// <summary>True when the open block holds thoughts.</summary>
    public bool OpenIsThought { get; set; }

    /// <summary>The text block that sources belong to; null before the first text.</summary>
    public BlockKey? LastText { get; private set; }

    /// <summary>
    /// True while byte offsets into the candidate's text are character offsets into <see cref="LastText"/>: one block, ASCII
    /// only. Otherwise a source cannot be placed without keeping the text (wire/mapping.md §5.5).
    /// </summary>
    public bool OffsetsAreCharacters { get; private set; } = true;

    /// <summary>The call that Vertex is streaming in pieces.</summary>
    public BlockKey? PartialCall { get; set; }

    /// <summary>Its arguments.</summary>
    public GeminiPartialArguments? PartialArguments { get; set; }

    /// <summary>Why it stopped: the last word said, since some models repeat one on every event; null while it runs.</summary>
    public FinishReason? Finish { get; private set; }

    /// <summary>The word itself, escaped.</summary>
    public byte[] FinishWord { get; private set; } = [];

    /// <summary>What was said about it, escaped.</summary>
    public byte[] FinishMessage { get; private set; } = [];

    /// <summary>Notes text that was pushed.</summary>
    public void SawText(BlockKey key, EscapedText delta)
    {
        if (LastText != key)
        {
            OffsetsAreCharacters &= LastText is null;
            LastText = key;
        }

        OffsetsAreCharacters = OffsetsAreCharacters && IsAscii(delta.Content);
    }

    /// <summary>Notes why it stopped. A repetition costs nothing.</summary>
    public void SawFinish(EscapedText word, EscapedText message)
    {
        if (!word.Content.SequenceEqual(FinishWord))
        {
            FinishWord = word.Content.ToArray();
            Finish = GeminiFinishReasons.Read(word);
        }

        if (!message.Content.SequenceEqual(FinishMessage))
        {
            FinishMessage = message.Content.ToArray();
        }
    }

    private static bool IsAscii(ReadOnlySpan<byte> escaped)
    {
        if (!Ascii.IsValid(escaped))
        {
            return false;
        }

        // \u0080 and above is not ASCII either; an escaped backslash before a u only makes this answer too careful.
        for (var at = escaped.IndexOf("\\u"u8); at >= 0;)
        {
            escaped = escaped[(at + 2)..];
            if (!escaped.StartsWith("00"u8) || escaped.Length < 3 || escaped[2] > (byte)'7')
            {
                return false;
            }

            at = escaped.IndexOf("\\u"u8);
        }

        return true;
    }
}
