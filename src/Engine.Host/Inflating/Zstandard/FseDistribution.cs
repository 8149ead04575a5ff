using System.Numerics;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>Reads the description of an FSE table (RFC 8878 §4.1.1): how many states each symbol has.</summary>
internal static class FseDistribution
{
    private const int MinLog = 5;

    /// <summary>Reads a description from the front of <paramref name="source"/>.</summary>
    /// <param name="source">Starts with the description; what follows it is not looked at.</param>
    /// <param name="maxLog">Largest accuracy allowed.</param>
    /// <param name="distribution">As long as the alphabet; receives the states of each symbol.</param>
    /// <param name="log">The accuracy.</param>
    /// <returns>Length of the description in bytes.</returns>
    public static int Read(ReadOnlySpan<byte> source, int maxLog, Span<short> distribution, out int log)
    {
        int bit = 0;
        log = TakeBits(source, ref bit, 4) + MinLog;
        if (log > maxLog)
        {
            ZstandardFault.Corrupt("an entropy table is more accurate than allowed");
        }

        distribution.Clear();
        int remaining = 1 << log;
        int symbol = 0;
        while (remaining > 0)
        {
            if (symbol >= distribution.Length)
            {
                ZstandardFault.Corrupt("an entropy table has too many symbols");
            }

            int states = ReadStates(source, ref bit, remaining);
            distribution[symbol++] = (short)states;
            remaining -= Math.Abs(states);
            if (states == 0)
            {
                symbol += ReadZeroRun(source, ref bit, distribution.Length);
            }
        }

        int length = (bit + 7) >> 3;
        if (remaining != 0 || length > source.Length)
        {
            ZstandardFault.Corrupt("an entropy table is cut off or overfull");
        }

        return length;
    }

    /// <summary>A number from -1 to what remains, in as many bits as that needs; the low ones take one bit less.</summary>
    private static int ReadStates(ReadOnlySpan<byte> source, ref int bit, int remaining)
    {
        int bits = BitOperations.Log2((uint)remaining + 1) + 1;
        int lowMask = (1 << (bits - 1)) - 1;
        int spare = (1 << bits) - 1 - (remaining + 1);
        int value = TakeBits(source, ref bit, bits);
        if ((value & lowMask) < spare)
        {
            bit--;
            value &= lowMask;
        }
        else if (value > lowMask)
        {
            value -= spare;
        }

        return value - 1;
    }

    /// <summary>After a symbol without states: how many more have none, in groups of up to three.</summary>
    private static int ReadZeroRun(ReadOnlySpan<byte> source, ref int bit, int limit)
    {
        int run = 0;
        int group;
        do
        {
            group = TakeBits(source, ref bit, 2);
            run += group;
        }
        while (group == 3 && run < limit);
        return run;
    }

    /// <summary>Up to 16 bits, least significant first. Beyond the end come zeros, which the caller finds out by the position.</summary>
    private static int TakeBits(ReadOnlySpan<byte> source, ref int bit, int count)
    {
        int value = 0;
        for (int i = 0, at = bit >> 3; i < 3 && at < source.Length; i++, at++)
        {
            value |= source[at] << (8 * i);
        }

        value = (value >> (bit & 7)) & ((1 << count) - 1);
        bit += count;
        return value;
    }
}
