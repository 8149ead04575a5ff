using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// The text of one block that has arrived and not yet been passed on, decoded, so that it can be looked into across the borders
/// of deltas. Allocates while it grows, then no more.
/// </summary>
internal sealed class TextWindow(int candidate)
{
    // The start of an escape sequence that the next delta completes.
    private readonly HeldBytes _cut = new();
    private readonly HeldBytes _plain = new();
    private readonly HeldBytes _escaped = new();

    /// <summary>The candidate whose text this is.</summary>
    public int Candidate => candidate;

    /// <summary>The block that the text belongs to.</summary>
    public BlockKey Key { get; set; } = new(-1, candidate);

    /// <summary>Where the pass stands with this candidate; its own meaning.</summary>
    public int State { get; set; }

    /// <summary>The decoded text. Valid until the next change.</summary>
    public ReadOnlySpan<byte> Text => _plain.Span;

    /// <summary>Adds a delta.</summary>
    public void Append(EscapedText delta)
    {
        var content = delta.Content;
        if (_cut.Length > 0)
        {
            _cut.Append(content);
            var whole = JsonStrings.CompletePrefix(_cut.Span);
            Decode(_cut.Span[..whole]);
            _cut.RemoveFirst(whole);
            return;
        }

        var complete = JsonStrings.CompletePrefix(content);
        Decode(content[..complete]);
        if (complete < content.Length)
        {
            _cut.Append(content[complete..]);
        }
    }

    /// <summary>Takes an unfinished escape as it is: nothing follows.</summary>
    public void Seal()
    {
        if (_cut.Length >= 6)
        {
            Decode(_cut.Span[..6]);
        }

        _cut.Clear();
    }

    /// <summary>Removes bytes from the front without passing them on.</summary>
    public void Skip(int count) => _plain.RemoveFirst(count);

    /// <summary>The first bytes escaped again. Valid until the next call; the bytes stay until they are skipped.</summary>
    public EscapedText Escaped(int count)
    {
        _escaped.Clear();
        JsonStrings.Escape(_plain.Span[..count], _escaped);
        return EscapedText.FromContent(_escaped.Span);
    }

    /// <summary>The largest count up to <paramref name="count"/> that does not cut a character.</summary>
    public int WholeCharacters(int count)
    {
        if (count >= _plain.Length)
        {
            return _plain.Length;
        }

        while (count > 0 && (_plain.Span[count] & 0xC0) == 0x80)
        {
            count--;
        }

        return Math.Max(count, 0);
    }

    private void Decode(ReadOnlySpan<byte> escaped)
    {
        if (!escaped.IsEmpty)
        {
            _plain.Advance(JsonStrings.Unescape(escaped, _plain.GetSpan(escaped.Length)));
        }
    }
}
