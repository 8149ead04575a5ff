using System.Diagnostics.CodeAnalysis;

namespace Engine.Host.Inflating.Zstandard;

/// <summary>The cold side of every check in this folder.</summary>
internal static class ZstandardFault
{
    /// <param name="what">What is wrong, as the end of a sentence about the body.</param>
    [DoesNotReturn]
    public static void Corrupt(string what) =>
        throw new InflateException(InflateFailureKind.Corrupt, $"The request body is not valid zstd: {what}.");

    [DoesNotReturn]
    public static void Unsupported(string what) =>
        throw new InflateException(InflateFailureKind.Corrupt, $"The request body cannot be decoded as zstd: {what}.");
}
