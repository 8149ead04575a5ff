namespace Engine.Host.Inflating.Zstandard;

/// <summary>The sequences section of a block (RFC 8878 §3.1.1.3.2): its header, its tables, then the run through its bits.</summary>
internal sealed class SequenceDecoder
{
    private const int LongCount = 0x7F00;

    private readonly SequenceTable _literalLengths = new(SequenceCodes.LiteralLengths);
    private readonly SequenceTable _offsets = new(SequenceCodes.Offsets);
    private readonly SequenceTable _matchLengths = new(SequenceCodes.MatchLengths);
    private RecentOffsets _recent;

    public void StartFrame()
    {
        _literalLengths.StartFrame();
        _offsets.StartFrame();
        _matchLengths.StartFrame();
        _recent = RecentOffsets.Initial;
    }

    /// <summary>Decodes a section and writes what it and the <paramref name="literals"/> yield.</summary>
    /// <param name="source">The section, to the end of the block.</param>
    /// <param name="literals">All literals of the block.</param>
    /// <param name="frame">Where matches may reach.</param>
    /// <param name="target">Has free space for a whole block, or for its limit.</param>
    public void Decode(ReadOnlySpan<byte> source, ReadOnlySpan<byte> literals, in FrameScope frame, PooledBodyBuilder target)
    {
        int count = ReadCount(ref source);
        var output = new SequenceOutput(target, frame, literals);
        if (count > 0)
        {
            ReadTables(ref source);
            output.Execute(source, count, _literalLengths.Current, _offsets.Current, _matchLengths.Current, ref _recent);
        }
        else if (!source.IsEmpty)
        {
            ZstandardFault.Corrupt("a block goes on after its end");
        }

        output.Finish();
    }

    private static int ReadCount(ref ReadOnlySpan<byte> source)
    {
        int first = source.IsEmpty ? 0 : source[0];
        int length = first switch { < 128 => 1, < 255 => 2, _ => 3 };
        if (source.Length < length)
        {
            ZstandardFault.Corrupt("a block's sequences are cut off");
        }

        int count = length switch
        {
            1 => first,
            2 => ((first - 128) << 8) + source[1],
            _ => source[1] + (source[2] << 8) + LongCount,
        };
        source = source[length..];
        return count;
    }

    private void ReadTables(ref ReadOnlySpan<byte> source)
    {
        int modes = source.IsEmpty ? 0 : source[0];
        if (source.IsEmpty || (modes & 3) != 0)
        {
            ZstandardFault.Corrupt("a block's table modes are cut off or reserved");
        }

        source = source[1..];
        source = source[_literalLengths.Read(modes >> 6, source)..];
        source = source[_offsets.Read((modes >> 4) & 3, source)..];
        source = source[_matchLengths.Read((modes >> 2) & 3, source)..];
    }
}
