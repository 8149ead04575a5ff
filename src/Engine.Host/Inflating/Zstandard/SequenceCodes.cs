namespace Engine.Host.Inflating.Zstandard;

/// <summary>
/// One of the three numbers of a sequence: how its codes translate to values (RFC 8878 §3.1.1.3.2.1) and which
/// distribution holds where a block states none (§3.1.1.3.2.2).
/// </summary>
internal sealed class SequenceCodes
{
    private SequenceCodes(int maxLog, uint[] bases, byte[] extraBits, int defaultLog, short[] defaultDistribution)
    {
        MaxLog = maxLog;
        Bases = bases;
        ExtraBits = extraBits;
        Default = new FseTable(defaultLog);
        Default.Build(defaultDistribution, defaultLog, bases, extraBits);
    }

    public static SequenceCodes LiteralLengths { get; } = CreateLiteralLengths();

    public static SequenceCodes MatchLengths { get; } = CreateMatchLengths();

    public static SequenceCodes Offsets { get; } = CreateOffsets();

    public int MaxLog { get; }

    /// <summary>The smallest value of each code. Its length is the size of the alphabet.</summary>
    public uint[] Bases { get; }

    public byte[] ExtraBits { get; }

    /// <summary>The predefined table.</summary>
    public FseTable Default { get; }

    private static SequenceCodes CreateLiteralLengths()
    {
        byte[] extraBits =
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        short[] distribution =
            [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1];
        return new SequenceCodes(maxLog: 9, Accumulate(0, extraBits), extraBits, defaultLog: 6, distribution);
    }

    private static SequenceCodes CreateMatchLengths()
    {
        byte[] extraBits =
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        ];
        short[] distribution =
        [
            1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
        ];
        return new SequenceCodes(maxLog: 9, Accumulate(3, extraBits), extraBits, defaultLog: 6, distribution);
    }

    /// <summary>An offset code is the number of bits after the leading one.</summary>
    private static SequenceCodes CreateOffsets()
    {
        byte[] extraBits = [.. Enumerable.Range(0, 32).Select(static code => (byte)code)];
        uint[] bases = [.. extraBits.Select(static code => 1u << code)];
        short[] distribution = [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1];
        return new SequenceCodes(maxLog: 8, bases, extraBits, defaultLog: 5, distribution);
    }

    /// <summary>Each code's values begin where those of the code before it end.</summary>
    private static uint[] Accumulate(uint first, byte[] extraBits)
    {
        uint[] bases = new uint[extraBits.Length];
        for (int code = 0; code < bases.Length; code++)
        {
            bases[code] = first;
            first += 1u << extraBits[code];
        }

        return bases;
    }
}
