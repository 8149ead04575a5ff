using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>
/// The two copies of a sequence. Most are shorter than 16 bytes, so where there is space behind them they are made as whole
/// vectors; what lands beyond the end is overwritten by what follows.
/// </summary>
internal static class OverlappingCopy
{
    private const int Step = 16;

    // From here on a call to the framework's copy costs less than the loop.
    private const int LongMatch = 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Literals(ReadOnlySpan<byte> source, int from, Span<byte> output, int to, int count)
    {
        if (count <= Step && from <= source.Length - Step && to <= output.Length - Step)
        {
            Vector128.Create(source.Slice(from, Step)).CopyTo(output.Slice(to, Step));
        }
        else
        {
            source.Slice(from, count).CopyTo(output[to..]);
        }
    }

    /// <summary>Repeats what lies <paramref name="offset"/> bytes before, including what this copy itself writes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Match(Span<byte> output, int to, int offset, int count)
    {
        int end = to + count;
        if (offset < Step || count > LongMatch || end > output.Length - Step)
        {
            MatchSlow(output, to, offset, count);
            return;
        }

        int from = to - offset;
        do
        {
            Vector128.Create((ReadOnlySpan<byte>)output.Slice(from, Step)).CopyTo(output.Slice(to, Step));
            from += Step;
            to += Step;
        }
        while (to < end);
    }

    /// <summary>Each round copies all that is there of the pattern, so that the pattern doubles.</summary>
    private static void MatchSlow(Span<byte> output, int to, int offset, int count)
    {
        ReadOnlySpan<byte> pattern = output[(to - offset)..];
        Span<byte> rest = output.Slice(to, count);
        while (rest.Length > 0)
        {
            int part = Math.Min(offset, rest.Length);
            pattern[..part].CopyTo(rest);
            rest = rest[part..];
            offset += part;
        }
    }
}
