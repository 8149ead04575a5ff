using System.Buffers;
using Engine.Host.Inflating.Codings;

namespace Engine.Host.Inflating;

/// <summary>
/// Inflates a request body that has been received whole. Runs to the end in one call, bounded by the cap on what it writes
/// and by the received length.
/// </summary>
internal static class BodyInflater
{
    /// <summary>What the answer to an <see cref="InflateFailureKind.UnsupportedEncoding"/> says in <c>Accept-Encoding</c>.</summary>
    public const string AcceptEncoding = ContentCodingTable.Supported;

    /// <summary>Whether a body with this header must be inflated at all; false for none and for identity.</summary>
    public static bool IsNeeded(string? contentEncoding) => ContentEncoding.IsEncoded(contentEncoding);

    /// <summary>
    /// Undoes the codings that <paramref name="contentEncoding"/> names, the last one first. An empty body stays empty whatever
    /// the header says, as framework decoders have it.
    /// </summary>
    /// <param name="contentEncoding">The header's value, several lines joined by commas.</param>
    /// <param name="body">The received bytes; not kept after the return.</param>
    /// <param name="maxInflatedBytes">Cap on the output of every layer.</param>
    public static InflateResult Inflate(string? contentEncoding, in ReadOnlySequence<byte> body, int maxInflatedBytes)
    {
        (IReadOnlyList<IContentCoding> codings, InflateFailure? refusal) = ContentEncoding.Read(contentEncoding);
        if (refusal is not null)
        {
            return InflateResult.Of(refusal);
        }

        try
        {
            return InflateResult.Of(body.IsEmpty || codings.Count == 0
                ? Copy(body, maxInflatedBytes)
                : InflateLayers(codings, body, maxInflatedBytes));
        }
        catch (InflateException e)
        {
            return InflateResult.Of(new InflateFailure(e.Kind, e.Message));
        }
    }

    private static PooledBody InflateLayers(IReadOnlyList<IContentCoding> codings, in ReadOnlySequence<byte> body, int limit)
    {
        PooledBody inflated = InflateLayer(codings[^1], body, limit);
        for (int i = codings.Count - 2; i >= 0; i--)
        {
            using PooledBody outer = inflated;
            inflated = InflateLayer(codings[i], new ReadOnlySequence<byte>(outer.Memory), limit);
        }

        return inflated;
    }

    private static PooledBody InflateLayer(IContentCoding coding, in ReadOnlySequence<byte> source, int limit)
    {
        using var target = new PooledBodyBuilder(limit);
        coding.Inflate(source, target);
        return target.Detach();
    }

    private static PooledBody Copy(in ReadOnlySequence<byte> body, int limit)
    {
        using var target = new PooledBodyBuilder(limit);
        foreach (ReadOnlyMemory<byte> segment in body)
        {
            target.Append(segment.Span);
        }

        return target.Detach();
    }
}
