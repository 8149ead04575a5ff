using System.Security.Cryptography;
using System.Text;

namespace Engine.Wire.Completion;

/// <summary>
/// Makes call ids fit for a dialect (wire/mapping.md §2.6). A pure function of the original id, since nothing is remembered
/// between the turns of a conversation: the call and its result are rewritten alike.
/// </summary>
public static class CallIds
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Prefix = "call_";
    private const int Digits = 24;

    /// <summary>
    /// A valid id unchanged; else <c>call_</c> and 24 base-62 digits of the id's SHA-256. Where that prefix is not allowed or does not
    /// fit, digits alone, as many as fit.
    /// </summary>
    /// <param name="id">The id, decoded. May be empty, which is never valid.</param>
    /// <param name="maxLength">Longest valid id, at least 1.</param>
    /// <param name="extraCharacters">Characters allowed beside ASCII letters and digits.</param>
    public static string Portable(string id, int maxLength = int.MaxValue, string extraCharacters = "_-")
    {
        if (IsPortable(id, maxLength, extraCharacters))
        {
            return id;
        }

        var prefix = extraCharacters.Contains('_') && maxLength >= Prefix.Length + Digits ? Prefix : "";
        Span<byte> number = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), number);
        Span<char> digits = stackalloc char[Math.Min(Digits, maxLength)];
        foreach (ref var digit in digits)
        {
            digit = Alphabet[DivideBy62(number)];
        }

        return string.Concat(prefix, digits);
    }

    /// <summary>
    /// True when the id is not empty, not too long, and holds only ASCII letters, digits and <paramref
    /// name="extraCharacters"/>.
    /// </summary>
    public static bool IsPortable(ReadOnlySpan<char> id, int maxLength = int.MaxValue, string extraCharacters = "_-")
    {
        foreach (var each in id)
        {
            if (!char.IsAsciiLetterOrDigit(each) && !extraCharacters.Contains(each))
            {
                return false;
            }
        }

        return id.Length > 0 && id.Length <= maxLength;
    }

    // Long division of a big-endian number in place; the remainder is the next digit.
    private static int DivideBy62(Span<byte> number)
    {
        var remainder = 0;
        foreach (ref var digit in number)
        {
            var dividend = (remainder << 8) | digit;
            digit = (byte)(dividend / Alphabet.Length);
            remainder = dividend % Alphabet.Length;
        }

        return remainder;
    }
}
