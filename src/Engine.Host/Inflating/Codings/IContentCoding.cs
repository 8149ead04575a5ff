using System.Buffers;

namespace Engine.Host.Inflating.Codings;

/// <summary>
/// One content coding of HTTP (RFC 9110 §8.4.1), decoding only. The source is complete, so a decoder runs to its end in one call
/// and its only outcomes are output, or an <see cref="InflateException"/>.
/// </summary>
internal interface IContentCoding
{
    /// <summary>Decodes all of <paramref name="source"/> into <paramref name="target"/>, never beyond its limit.</summary>
    void Inflate(in ReadOnlySequence<byte> source, PooledBodyBuilder target);
}
