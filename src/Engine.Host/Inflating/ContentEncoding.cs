using Engine.Host.Inflating.Codings;

namespace Engine.Host.Inflating;

/// <summary>Reads a <c>Content-Encoding</c> header (RFC 9110 §8.4): codings in the order in which they were applied.</summary>
internal static class ContentEncoding
{
    /// <summary>Most codings on top of each other. Nobody needs two; three leave a margin without inviting nested bombs.</summary>
    public const int MaxLayers = 3;

    private const int LongestQuotedName = 32;

    /// <summary>True when the header names a coding other than identity, known or not.</summary>
    public static bool IsEncoded(string? header)
    {
        foreach (Range part in header.AsSpan().Split(','))
        {
            ReadOnlySpan<char> name = header.AsSpan()[part].Trim();
            if (name.Length > 0 && !ContentCodingTable.IsIdentity(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The codings without identity, in the order of the header, or the reason why the body must be refused.</summary>
    public static (IReadOnlyList<IContentCoding> Codings, InflateFailure? Failure) Read(string? header)
    {
        List<IContentCoding> codings = [];
        foreach (Range part in header.AsSpan().Split(','))
        {
            ReadOnlySpan<char> name = header.AsSpan()[part].Trim();
            if (name.IsEmpty || ContentCodingTable.IsIdentity(name))
            {
                continue;
            }

            if (ContentCodingTable.Find(name) is not { } coding)
            {
                string quoted = new(name[..Math.Min(name.Length, LongestQuotedName)]);
                return ([], Unsupported($"Content-Encoding '{quoted}' is not supported. Supported: {ContentCodingTable.Supported}."));
            }

            if (codings.Count == MaxLayers)
            {
                return ([], Unsupported($"Content-Encoding names more than {MaxLayers} codings."));
            }

            codings.Add(coding);
        }

        return (codings, null);
    }

    private static InflateFailure Unsupported(string message) => new(InflateFailureKind.UnsupportedEncoding, message);
}
