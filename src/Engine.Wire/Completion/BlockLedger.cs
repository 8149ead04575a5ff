using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>Why a ledger gave up.</summary>
public enum BlockLedgerFault
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>More had to be held back than its cap allows.</summary>
    HeldTooMuch,

    /// <summary>Arguments arrived for a call whose arguments were complete.</summary>
    ArgumentsAfterEnd,
}

/// <summary>
/// Puts the events of interleaved blocks into the order of a dialect that has one open block at a time (wire/mapping.md §8): "close
/// that, open this". The first block streams; a block that appears while a call's arguments are incomplete is held back, in
/// order of appearance, until the call ends, its arguments form complete JSON, or the answer stops. A key that comes back after
/// its text was closed opens a new block.
/// </summary>
public sealed class BlockLedger : IDisposable
{
    // What remembering one block counts for, so that the number of blocks is bounded too.
    private const int EntryCost = 64;

    private readonly IBlockSink _output;
    private readonly int _maximumHeld;
    private readonly Dictionary<BlockKey, Entry> _entries = [];
    private readonly Queue<Entry> _waiting = [];
    private Entry? _open;
    private long _held;

    /// <summary>An empty ledger.</summary>
    /// <param name="output">Receives the blocks.</param>
    /// <param name="maximumHeld">Bytes that may be held back at once.</param>
    public BlockLedger(IBlockSink output, int maximumHeld = 16 << 20)
    {
        _output = output;
        _maximumHeld = maximumHeld;
    }

    /// <summary>Set once the ledger gave up; it ignores everything from then on.</summary>
    public BlockLedgerFault Fault { get; private set; }

    /// <summary>What the block of a key holds; null for a key never seen.</summary>
    public BlockKind? KindOf(BlockKey key) => _entries.TryGetValue(key, out var entry) ? entry.Kind : null;

    /// <summary>True when a block of this key and kind can still grow.</summary>
    public bool IsLive(BlockKey key, BlockKind kind) =>
        _entries.TryGetValue(key, out var entry) && entry.Kind == kind && entry.State != State.Closed;

    /// <summary>More text or reasoning; opens the block when there is none.</summary>
    public void Delta(BlockKey key, BlockKind kind, EscapedText delta)
    {
        if (Fault != BlockLedgerFault.None)
        {
            return;
        }

        var entry = LiveEntry(key, kind) ?? Enter(key, kind, default, default);
        if (entry.State == State.Open)
        {
            _output.Delta(delta);
        }
        else if (Hold(delta.Content.Length))
        {
            entry.Held!.Append(delta.Content);
        }
    }

    /// <summary>A call begins.</summary>
    public void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        if (Fault == BlockLedgerFault.None)
        {
            Enter(key, BlockKind.ToolCall, id, name);
        }
    }

    /// <summary>A fragment of a call's arguments. Without a start it is ignored.</summary>
    public void Arguments(BlockKey key, EscapedText fragment)
    {
        if (Fault != BlockLedgerFault.None || !_entries.TryGetValue(key, out var entry) || entry.Kind != BlockKind.ToolCall)
        {
            return;
        }

        entry.Scanner.Feed(fragment.Content);
        if (entry.State == State.Open)
        {
            _output.Delta(fragment);
            Advance();
        }
        else if (entry.State == State.Closed)
        {
            // White space after complete arguments is nobody's loss.
            Fault = entry.Scanner.HasOverrun || !entry.Scanner.IsComplete ? BlockLedgerFault.ArgumentsAfterEnd : Fault;
        }
        else if (Hold(fragment.Content.Length))
        {
            entry.Held!.Append(fragment.Content);
        }
    }

    /// <summary>A call's arguments whole; ends the call. Without a start they are ignored.</summary>
    public void Arguments(BlockKey key, RawJson whole)
    {
        if (Fault != BlockLedgerFault.None || LiveEntry(key, BlockKind.ToolCall) is not { } entry)
        {
            return;
        }

        if (entry.State == State.Open)
        {
            _output.Arguments(whole);
        }
        else if (Hold(whole.Utf8.Length))
        {
            entry.Held!.ArgumentsAreWhole = true;
            entry.Held.Append(whole.Utf8);
        }

        End(entry);
    }

    /// <summary>A call's arguments are complete.</summary>
    public void ToolEnd(BlockKey key)
    {
        if (Fault == BlockLedgerFault.None && LiveEntry(key, BlockKind.ToolCall) is { } entry)
        {
            End(entry);
        }
    }

    /// <summary>A source of a text block; ignored when the block is closed or never began.</summary>
    public void Cite(BlockKey key, in Citation citation)
    {
        if (Fault != BlockLedgerFault.None || LiveEntry(key, BlockKind.Text) is not { } entry)
        {
            return;
        }

        if (entry.State == State.Open)
        {
            _output.Cite(citation);
        }
        else if (Hold(citation.Url.Content.Length + citation.Title.Content.Length + citation.CitedText.Content.Length))
        {
            entry.Held!.CitationList.Add(FoldedCitation.Of(citation));
        }
    }

    /// <summary>The signature of a reasoning block; opens the block when there is none and is ignored when it is closed.</summary>
    public void Sign(BlockKey key, SignatureFamily family, EscapedText blob)
    {
        if (Fault == BlockLedgerFault.None && (KindOf(key) is null || IsLive(key, BlockKind.Reasoning)))
        {
            Sign(LiveEntry(key, BlockKind.Reasoning) ?? Enter(key, BlockKind.Reasoning, default, default), family, blob);
        }
    }

    /// <summary>A whole redacted block.</summary>
    public void Redacted(BlockKey key, SignatureFamily family, EscapedText data)
    {
        if (Fault == BlockLedgerFault.None)
        {
            var entry = Enter(key, BlockKind.RedactedReasoning, default, default);
            Sign(entry, family, data);
            End(entry);
        }
    }

    /// <summary>The answer stopped: closes the open block and lets out everything held back.</summary>
    public void CloseAll()
    {
        if (Fault != BlockLedgerFault.None)
        {
            return;
        }

        CloseOpen();
        while (_waiting.TryDequeue(out var next))
        {
            LetOut(next);
            CloseOpen();
        }
    }

    /// <summary>Returns what is held back to its pool.</summary>
    public void Dispose()
    {
        foreach (var entry in _waiting)
        {
            entry.Held?.Dispose();
        }

        _waiting.Clear();
    }

    private Entry? LiveEntry(BlockKey key, BlockKind kind)
    {
        if (_open is { } open && open.Key == key && open.Kind == kind)
        {
            return open;
        }

        return _entries.TryGetValue(key, out var entry) && entry.Kind == kind && entry.State != State.Closed ? entry : null;
    }

    private Entry Enter(BlockKey key, BlockKind kind, EscapedText id, EscapedText name)
    {
        var entry = new Entry(key, kind);
        _entries[key] = entry;
        Hold(EntryCost);
        if (_open is null || IsClosable(_open))
        {
            CloseOpen();
            _open = entry;
            entry.State = State.Open;
            _output.Open(kind, id, name);
        }
        else
        {
            Hold(id.Content.Length + name.Content.Length);
            entry.Held = new FoldedBlock(key, kind, int.MaxValue) { ToolId = id.Content.ToArray(), ToolName = name.Content.ToArray() };
            _waiting.Enqueue(entry);
        }

        return entry;
    }

    private void Sign(Entry entry, SignatureFamily family, EscapedText blob)
    {
        if (entry.State == State.Open)
        {
            _output.Sign(family, blob);
        }
        else if (Hold(blob.Content.Length))
        {
            entry.Held!.Sign(family, blob);
        }
    }

    private void End(Entry entry)
    {
        entry.Ended = true;
        if (entry == _open)
        {
            CloseOpen();
            Advance();
        }
    }

    // Whatever is not an unfinished call gives way to the next block.
    private void Advance()
    {
        while (_waiting.Count > 0 && (_open is null || IsClosable(_open)))
        {
            CloseOpen();
            var next = _waiting.Dequeue();
            LetOut(next);
            if (next.Ended)
            {
                CloseOpen();
            }
        }
    }

    private void LetOut(Entry next)
    {
        var held = next.Held!;
        next.Held = null;
        next.State = State.Open;
        _open = next;
        _output.Open(held.Kind, EscapedText.FromContent(held.ToolId), EscapedText.FromContent(held.ToolName));
        Play(held);
        _held -= held.Content.Content.Length;
        held.Dispose();
    }

    private void Play(FoldedBlock held)
    {
        if (held.ArgumentsAreWhole)
        {
            _output.Arguments(RawJson.FromUtf8(held.Content.Content));
        }
        else
        {
            _output.Delta(held.Content);
        }

        foreach (var each in held.Citations)
        {
            _output.Cite(each.AsCitation());
        }

        if (!held.Signature.IsEmpty)
        {
            _output.Sign(held.SignatureFamily, held.Signature);
        }
    }

    private void CloseOpen()
    {
        if (_open is { } open)
        {
            _open = null;
            open.State = State.Closed;
            _output.Close();
        }
    }

    private bool Hold(int bytes)
    {
        _held += bytes;
        if (_held > _maximumHeld)
        {
            Fault = BlockLedgerFault.HeldTooMuch;
        }

        return Fault == BlockLedgerFault.None;
    }

    private static bool IsClosable(Entry entry) => entry.Kind != BlockKind.ToolCall || entry.Ended || entry.Scanner.IsComplete;

    private enum State
    {
        Waiting,
        Open,
        Closed,
    }

    private sealed class Entry(BlockKey key, BlockKind kind)
    {
        public ToolArgumentScanner Scanner;

        public BlockKey Key { get; } = key;

        public BlockKind Kind { get; } = kind;

        public State State { get; set; }

        public bool Ended { get; set; }

        public FoldedBlock? Held { get; set; }
    }
}
