using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Watches for stop sequences in the answer's text: on a hit the text is cut before the sequence, the candidate finishes, and what
/// the upstream still says of it is swallowed, but for usage. Holds back one byte less than the longest sequence.
/// </summary>
internal sealed class StopSequenceSink : TextWindowSink
{
    private const int Cut = 1;

    private readonly byte[][] _stops;
    private readonly int _candidates;
    private readonly int _holdback;
    private int _cuts;
    private bool _ended;

    /// <summary>Takes the sequences in UTF-8, none empty, and the number of candidates that were asked for.</summary>
    public StopSequenceSink(ICompletionSink next, byte[][] stops, int candidates)
        : base(next)
    {
        _stops = stops;
        _candidates = candidates;
        _holdback = stops.Max(static stop => stop.Length) - 1;
    }

    public override bool IsAnswerWhole => _cuts >= _candidates || base.IsAnswerWhole;

    public override void Text(BlockKey key, EscapedText delta)
    {
        if (!IsCut(key.Candidate))
        {
            base.Text(key, delta);
        }
    }

    public override void Reasoning(BlockKey key, EscapedText delta)
    {
        if (!IsCut(key.Candidate))
        {
            base.Reasoning(key, delta);
        }
    }

    public override void Signature(BlockKey key, SignatureFamily family, EscapedText blob)
    {
        if (!IsCut(key.Candidate))
        {
            base.Signature(key, family, blob);
        }
    }

    public override void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data)
    {
        if (!IsCut(key.Candidate))
        {
            base.RedactedReasoning(key, family, data);
        }
    }

    public override void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        if (!IsCut(key.Candidate))
        {
            base.ToolStart(key, id, name);
        }
    }

    public override void ToolArguments(BlockKey key, EscapedText fragment)
    {
        if (!IsCut(key.Candidate))
        {
            base.ToolArguments(key, fragment);
        }
    }

    public override void ToolArguments(BlockKey key, RawJson whole)
    {
        if (!IsCut(key.Candidate))
        {
            base.ToolArguments(key, whole);
        }
    }

    public override void ToolEnd(BlockKey key)
    {
        if (!IsCut(key.Candidate))
        {
            base.ToolEnd(key);
        }
    }

    public override void Cite(BlockKey key, in Citation citation)
    {
        if (!IsCut(key.Candidate))
        {
            base.Cite(key, citation);
        }
    }

    public override void Refusal(BlockKey key, EscapedText delta)
    {
        if (!IsCut(key.Candidate))
        {
            base.Refusal(key, delta);
        }
    }

    public override void Media(BlockKey key, EscapedText mimeType, EscapedText base64)
    {
        if (!IsCut(key.Candidate))
        {
            base.Media(key, mimeType, base64);
        }
    }

    public override void Finish(in FinishEvent finish)
    {
        if (!IsCut(finish.Candidate))
        {
            base.Finish(finish);
        }
    }

    public override void End()
    {
        if (!_ended)
        {
            _ended = true;
            base.End();
        }
    }

    // A cancelled upstream looks truncated; to the client the answer is whole.
    public override void Error(UpstreamError error)
    {
        if (_cuts >= _candidates)
        {
            End();
        }
        else
        {
            base.Error(error);
        }
    }

    protected override void OnText(TextWindow window)
    {
        var (at, stop) = Find(window.Text);
        if (at < 0)
        {
            Emit(window, window.WholeCharacters(Math.Max(window.Text.Length - _holdback, 0)));
            return;
        }

        Emit(window, at);
        var sequence = window.Escaped(stop.Length);
        window.State = Cut;
        _cuts++;
        Next.Finish(new FinishEvent { Reason = FinishReason.StopSequence, StopSequence = sequence, Candidate = window.Candidate });
        window.Skip(window.Text.Length);
    }

    protected override void OnBlockEnd(TextWindow window) => Emit(window, window.Text.Length);

    private bool IsCut(int candidate) => WindowOf(candidate).State == Cut;

    // The sequence that is complete first ended the answer; of two that end together, the one that began first.
    private (int At, byte[] Stop) Find(ReadOnlySpan<byte> text)
    {
        var found = (At: -1, Stop: Array.Empty<byte>());
        foreach (var stop in _stops)
        {
            var at = text.IndexOf(stop);
            if (at >= 0 && (found.At < 0 || (at + stop.Length, at).CompareTo((found.At + found.Stop.Length, found.At)) < 0))
            {
                found = (at, stop);
            }
        }

        return found;
    }
}
