using System.Text;

namespace Engine.Wire.Json;

/// <summary>One complete JSON value as it stood on the wire. Valid until the call that received it returns.</summary>
public readonly ref struct RawJson
{
    private RawJson(ReadOnlySpan<byte> utf8) => Utf8 = utf8;

    /// <summary>The value's bytes, without surrounding white space.</summary>
    public ReadOnlySpan<byte> Utf8 { get; }

    /// <summary>True when there is no value (not even <c>null</c>).</summary>
    public bool IsEmpty => Utf8.IsEmpty;

    /// <summary>Takes bytes known to be exactly one JSON value.</summary>
    public static RawJson FromUtf8(ReadOnlySpan<byte> utf8) => new(utf8);

    /// <summary>The JSON text, for debuggers and transcripts.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8);
}
