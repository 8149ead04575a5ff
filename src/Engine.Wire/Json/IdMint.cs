using System.Numerics;

namespace Engine.Wire.Json;

/// <summary>
/// Makes ids for dialects that need one where the upstream has none. A pure function of a seed (random per exchange, given by
/// the caller) and an ordinal, so that the same stream cut elsewhere gives the same bytes.
/// </summary>
public readonly struct IdMint
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Length = 24;

    private readonly ulong _seed;

    /// <summary>Takes 64 random bits.</summary>
    public IdMint(ulong seed) => _seed = seed;

    /// <summary>The <paramref name="ordinal"/>-th id, for example <c>call_</c> + 24 base-62 digits.</summary>
    public string Mint(string prefix, int ordinal)
    {
        Span<char> digits = stackalloc char[Length];
        var state = _seed + ((ulong)ordinal * 0x9E3779B97F4A7C15);
        for (var i = 0; i < Length; i++)
        {
            digits[i] = Alphabet[(int)(Next(ref state) % (ulong)Alphabet.Length)];
        }

        return string.Concat(prefix, digits);
    }

    // SplitMix64: every bit of the seed reaches every digit.
    private static ulong Next(ref ulong state)
    {
        state += 0xA0761D6478BD642F;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return BitOperations.RotateLeft(z ^ (z >> 31), 17);
    }
}
