namespace Engine.Testing;

/// <summary>One way in which a body may arrive.</summary>
/// <param name="Name">Says which, for the message of a failed test.</param>
/// <param name="Chunks">What each read brings; joined they are the body.</param>
public sealed record Chunking(string Name, IReadOnlyList<ReadOnlyMemory<byte>> Chunks)
{
    public override string ToString() => Name;
}

/// <summary>
/// The shapes in which every parser test feeds its input: in one read that fits, in one read out of a larger array, byte by
/// byte, cut in two at every offset, and cut at random.
/// </summary>
public static class Chunkings
{
    private const int RandomShapes = 8;
    private const byte Junk = (byte)'"'; // what a parser would trip over if it read beyond its input

    /// <summary>
    /// Every shape. There are as many splits as the input has bytes: for bodies of many kilobytes use <see cref="Sample"/>.
    /// </summary>
    public static IEnumerable<Chunking> All(byte[] input, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(input);
        var offsets = Enumerable.Range(1, Math.Max(0, input.Length - 1));
        return Fixed(input).Concat(offsets.Select(at => Split(input, at))).Concat(Random(input, seed));
    }

    /// <summary>Every shape, but cut in two at <paramref name="splits"/> random offsets only.</summary>
    public static IEnumerable<Chunking> Sample(byte[] input, int seed, int splits = 16)
    {
        ArgumentNullException.ThrowIfNull(input);
        var random = new Random(seed);
        var offsets = input.Length < 2 ? [] : Enumerable.Range(0, splits).Select(_ => random.Next(1, input.Length)).Distinct().ToArray();
        return Fixed(input).Concat(offsets.Select(at => Split(input, at))).Concat(Random(input, seed));
    }

    /// <summary>Cut in two at one offset.</summary>
    public static Chunking Split(byte[] input, int at)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Chunking($"split at {at}", [input.AsMemory(0, at), input.AsMemory(at)]);
    }

    /// <summary>One byte per read.</summary>
    public static Chunking Bytes(byte[] input) =>
        new("byte by byte", [.. Enumerable.Range(0, input.Length).Select(i => (ReadOnlyMemory<byte>)input.AsMemory(i, 1))]);

    private static IEnumerable<Chunking> Fixed(byte[] input)
    {
        yield return new Chunking("right-sized", [input]);
        yield return new Chunking("oversized", [Oversized(input)]);
        yield return Bytes(input);
    }

    private static Memory<byte> Oversized(byte[] input)
    {
        byte[] larger = new byte[input.Length + 64];
        Array.Fill(larger, Junk);
        input.CopyTo(larger, 32);
        return larger.AsMemory(32, input.Length);
    }

    private static IEnumerable<Chunking> Random(byte[] input, int seed)
    {
        for (int shape = 0; shape < RandomShapes && input.Length > 0; shape++)
        {
            // From a handful of pieces to a few bytes each, as shapes go on.
            var random = new Random(unchecked((seed * 397) + shape));
            int largest = Math.Max(1, input.Length >> shape);
            var chunks = new List<ReadOnlyMemory<byte>>();
            for (int at = 0; at < input.Length;)
            {
                int length = Math.Min(random.Next(1, largest + 1), input.Length - at);
                chunks.Add(input.AsMemory(at, length));
                at += length;
            }

            string lengths = string.Join('+', chunks.Select(chunk => chunk.Length));
            yield return new Chunking($"random (seed {seed}, shape {shape}): {lengths}", chunks);
        }
    }
}
