namespace Engine.Host.Inflating.Zstandard;

/// <summary>The table in force for one number of the sequences, renewed or kept from block to block (RFC 8878 §3.1.1.3.2.1).</summary>
internal sealed class SequenceTable(SequenceCodes codes)
{
    private readonly FseTable _own = new(codes.MaxLog);
    private FseTable? _current;

    private enum Mode
    {
        Predefined,
        RunLength,
        Compressed,
        Repeat,
    }

    /// <summary>The table; only after <see cref="Read"/>.</summary>
    public FseTable Current => _current!;

    public void StartFrame() => _current = null;

    /// <summary>Applies a block's choice.</summary>
    /// <param name="modeBits">The mode's two bits.</param>
    /// <param name="source">Starts with what the mode needs, which may be nothing.</param>
    /// <returns>How many bytes of the source the mode took.</returns>
    public int Read(int modeBits, ReadOnlySpan<byte> source)
    {
        switch ((Mode)modeBits)
        {
            case Mode.Predefined:
                _current = codes.Default;
                return 0;
            case Mode.RunLength:
                ReadSingle(source);
                return 1;
            case Mode.Compressed:
                Span<short> distribution = stackalloc short[codes.Bases.Length];
                int length = FseDistribution.Read(source, codes.MaxLog, distribution, out int log);
                _own.Build(distribution, log, codes.Bases, codes.ExtraBits);
                _current = _own;
                return length;
            default:
                if (_current is null)
                {
                    ZstandardFault.Corrupt("a block repeats an entropy table that its frame has not defined");
                }

                return 0;
        }
    }

    private void ReadSingle(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty || source[0] >= codes.Bases.Length)
        {
            ZstandardFault.Corrupt("a repeated code is missing or unknown");
        }

        _own.BuildSingle(codes.Bases[source[0]], codes.ExtraBits[source[0]]);
        _current = _own;
    }
}
