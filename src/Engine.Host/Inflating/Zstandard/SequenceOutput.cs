namespace Engine.Host.Inflating.Zstandard;

/// <summary>
/// Runs the sequences of one block (RFC 8878 §3.1.1.4): each copies some literals, then a match from earlier output; what is left
/// of the literals ends the block. This is the hot loop of the decoder.
/// </summary>
internal ref struct SequenceOutput
{
    // What remains of a refill after offset (31) and match length (16) need not cover literal length (16) and three states (26).
    private const int BitsBeforeRefill = 56 - 26;

    private readonly PooledBodyBuilder _target;
    private readonly ReadOnlySpan<byte> _literals;
    private readonly Span<byte> _output;
    private readonly int _frameStart;
    private readonly uint _window;
    private readonly int _start;
    private readonly int _end;
    private int _literal;
    private int _position;

    public SequenceOutput(PooledBodyBuilder target, in FrameScope frame, ReadOnlySpan<byte> literals)
    {
        _target = target;
        _literals = literals;
        _output = target.Bytes;
        _frameStart = frame.Start;
        _window = (uint)Math.Min(frame.WindowSize, int.MaxValue);
        _start = target.Written;
        _position = _start;
        _end = _start + Math.Min(frame.MaxBlockSize, target.Room);
    }

    public void Execute(
        ReadOnlySpan<byte> source, int count, FseTable literalLengths, FseTable offsets, FseTable matchLengths, ref RecentOffsets recent)
    {
        ReadOnlySpan<FseEntry> literalLengthStates = literalLengths.Entries;
        ReadOnlySpan<FseEntry> offsetStates = offsets.Entries;
        ReadOnlySpan<FseEntry> matchLengthStates = matchLengths.Entries;
        RecentOffsets latest = recent;

        var bits = new BackwardBits(source);
        uint literalLengthState = bits.Read(literalLengths.Log);
        uint offsetState = bits.Read(offsets.Log);
        uint matchLengthState = bits.Read(matchLengths.Log);
        while (true)
        {
            bits.Refill();
            FseEntry offset = offsetStates[(int)offsetState];
            FseEntry match = matchLengthStates[(int)matchLengthState];
            FseEntry literal = literalLengthStates[(int)literalLengthState];

            uint offsetValue = offset.Base + bits.Read(offset.ExtraBits);
            int matchLength = (int)(match.Base + bits.Read(match.ExtraBits));
            if (offset.ExtraBits + match.ExtraBits + literal.ExtraBits > BitsBeforeRefill)
            {
                bits.Refill();
            }

            int literalLength = (int)(literal.Base + bits.Read(literal.ExtraBits));
            bool isLast = --count == 0;
            if (!isLast)
            {
                literalLengthState = literal.NextState + bits.Read(literal.StateBits);
                matchLengthState = match.NextState + bits.Read(match.StateBits);
                offsetState = offset.NextState + bits.Read(offset.StateBits);
            }

            if (bits.IsOverrun)
            {
                ZstandardFault.Corrupt("a block has more sequences than bits");
            }

            Copy(literalLength, latest.Resolve(offsetValue, literalLength != 0), matchLength);
            if (isLast)
            {
                break;
            }
        }

        if (!bits.IsExactlyRead)
        {
            ZstandardFault.Corrupt("a block has bits left after its sequences");
        }

        recent = latest;
    }

    /// <summary>Copies the literals that no sequence took, and counts the block as written.</summary>
    public void Finish()
    {
        ReadOnlySpan<byte> rest = _literals[_literal..];
        if (rest.Length > _end - _position)
        {
            Overflow();
        }

        rest.CopyTo(_output[_position..]);
        _target.Advance(_position + rest.Length - _start);
    }

    private void Copy(int literalLength, uint offset, int matchLength)
    {
        if (literalLength > _literals.Length - _literal)
        {
            ZstandardFault.Corrupt("a sequence takes more literals than there are");
        }

        int match = _position + literalLength;
        if (matchLength > _end - match)
        {
            Overflow();
        }

        if (offset - 1 >= Math.Min(_window, (uint)(match - _frameStart)))
        {
            ZstandardFault.Corrupt("a match reaches outside the window");
        }

        OverlappingCopy.Literals(_literals, _literal, _output, _position, literalLength);
        OverlappingCopy.Match(_output, match, (int)offset, matchLength);
        _literal += literalLength;
        _position = match + matchLength;
    }

    private readonly void Overflow()
    {
        if (_end - _start == _target.Room)
        {
            throw InflateException.TooLarge(_target.Limit);
        }

        ZstandardFault.Corrupt("a block yields more than a block may hold");
    }
}
