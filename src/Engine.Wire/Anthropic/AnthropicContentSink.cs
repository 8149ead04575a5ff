using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Decides what becomes of each content event in this dialect, for streamed and whole answers alike: what of the reasoning is
/// shown, where a signature goes, refusals and media as text, ids made legal (wire/mapping.md §1.6, §3.4, §3.5, §5.4, §5.5).
/// </summary>
internal sealed class AnthropicContentSink : IDisposable
{
    // Sources may come before the text they belong to; more than these few are not worth holding.
    private const int MaximumEarlyCitations = 64;

    private readonly BlockLedger _ledger;
    private readonly ReasoningShow _show;
    private readonly List<FoldedCitation> _early = [];
    private BlockKey _earlyKey;

    public AnthropicContentSink(IBlockSink output, AnswerContext context)
    {
        _ledger = new BlockLedger(output);
        _show = context.Reasoning;
    }

    /// <summary>True once a call began.</summary>
    public bool ToolCallsSeen { get; private set; }

    /// <summary>Set once the blocks can no longer be put in order; the answer has failed.</summary>
    public UpstreamError? Failure => _ledger.Fault switch
    {
        BlockLedgerFault.HeldTooMuch =>
            new UpstreamError(ErrorKind.UpstreamFault, "The upstream interleaved more content than can be put in order."),
        BlockLedgerFault.ArgumentsAfterEnd =>
            new UpstreamError(ErrorKind.UpstreamFault, "The upstream went on with the arguments of a finished tool call."),
        _ => null,
    };

    // A client that did not ask for thinking must not get it.
    private bool ShowsReasoning => _show is ReasoningShow.Shown or ReasoningShow.SignatureOnly;

    public void Text(BlockKey key, EscapedText delta)
    {
        if (key.Candidate != 0 || delta.IsEmpty)
        {
            return;
        }

        _ledger.Delta(key, BlockKind.Text, delta);
        if (_early.Count > 0 && _earlyKey == key)
        {
            foreach (var each in _early)
            {
                _ledger.Cite(key, each.AsCitation());
            }

            _early.Clear();
        }
    }

    public void Reasoning(BlockKey key, EscapedText delta)
    {
        if (key.Candidate == 0 && ShowsReasoning)
        {
            // With the text omitted the block is opened all the same: the client sees that the model thinks.
            _ledger.Delta(key, BlockKind.Reasoning, _show == ReasoningShow.Shown ? delta : default);
        }
    }

    /// <summary>
    /// A signature of reasoning closes its block. One that precedes a tool call becomes a thinking block of its own before it;
    /// one on a text has no place here and is a hint only.
    /// </summary>
    public void Signature(BlockKey key, SignatureFamily family, EscapedText blob)
    {
        if (key.Candidate == 0 && ShowsReasoning && family != SignatureFamily.Unknown)
        {
            _ledger.Sign(key, family, blob);
        }
    }

    public void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data)
    {
        if (key.Candidate == 0 && ShowsReasoning && family != SignatureFamily.Unknown)
        {
            _ledger.Redacted(key, family, data);
        }
    }

    public void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        if (key.Candidate != 0)
        {
            return;
        }

        ToolCallsSeen = true;
        var legal = IsLegalId(id.Content) ? id : EscapedText.FromContent(JsonStrings.Escape(CallIds.Portable(id.Decode())));
        _ledger.ToolStart(key, legal, name);
    }

    public void ToolArguments(BlockKey key, EscapedText fragment) => _ledger.Arguments(key, fragment);

    public void ToolArguments(BlockKey key, RawJson whole) => _ledger.Arguments(key, whole);

    public void ToolEnd(BlockKey key) => _ledger.ToolEnd(key);

    /// <summary>Only a source with an address has a form that asks for nothing we do not have.</summary>
    public void Cite(BlockKey key, in Citation citation)
    {
        if (citation.Url.IsEmpty || key.Candidate != 0)
        {
            return;
        }

        if (_ledger.IsLive(key, BlockKind.Text))
        {
            _ledger.Cite(key, citation);
        }
        else if (_ledger.KindOf(key) is null)
        {
            HoldEarly(key, citation);
        }
    }

    public void Media(BlockKey key, EscapedText mimeType, EscapedText base64)
    {
        if (key.Candidate == 0)
        {
            _ledger.Delta(key, BlockKind.Text, EscapedText.FromContent("![image](data:"u8));
            _ledger.Delta(key, BlockKind.Text, mimeType);
            _ledger.Delta(key, BlockKind.Text, EscapedText.FromContent(";base64,"u8));
            _ledger.Delta(key, BlockKind.Text, base64);
            _ledger.Delta(key, BlockKind.Text, EscapedText.FromContent(")"u8));
        }
    }

    /// <summary>The answer stopped: nothing stays open.</summary>
    public void CloseAll() => _ledger.CloseAll();

    /// <summary>Text of ours in a block of its own, after everything else.</summary>
    public void Remark(ReadOnlySpan<byte> text)
    {
        _ledger.Delta(new BlockKey(int.MaxValue), BlockKind.Text, EscapedText.FromContent(text));
        _ledger.CloseAll();
    }

    /// <inheritdoc/>
    public void Dispose() => _ledger.Dispose();

    private void HoldEarly(BlockKey key, in Citation citation)
    {
        if (_earlyKey != key)
        {
            _early.Clear();
            _earlyKey = key;
        }

        if (_early.Count < MaximumEarlyCitations)
        {
            _early.Add(FoldedCitation.Of(citation));
        }
    }

    // The dialect's ids: ^[A-Za-z0-9_-]+$.
    private static bool IsLegalId(ReadOnlySpan<byte> id)
    {
        foreach (var each in id)
        {
            if (!char.IsAsciiLetterOrDigit((char)each) && each is not ((byte)'_' or (byte)'-'))
            {
                return false;
            }
        }

        return id.Length > 0;
    }
}
