using System.Text;

namespace Engine.Wire.Json;

/// <summary>
/// <see cref="RawJson"/> that may live on the heap: a slice of the pooled request body, or of memory made by a pass.
/// Valid as long as the body it was cut from.
/// </summary>
public readonly struct JsonSlice : IEquatable<JsonSlice>
{
    private JsonSlice(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    /// <summary>The value's bytes.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The same value as a span.</summary>
    public RawJson Json => RawJson.FromUtf8(Utf8.Span);

    /// <summary>False for <c>default</c>: the field was absent.</summary>
    public bool IsPresent => !Utf8.IsEmpty;

    /// <summary>Takes memory known to be exactly one JSON value.</summary>
    public static JsonSlice FromUtf8(ReadOnlyMemory<byte> utf8) => new(utf8);

    /// <summary>Takes JSON text of ours. Allocates.</summary>
    public static JsonSlice FromString(string json) => new(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc/>
    public bool Equals(JsonSlice other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is JsonSlice other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    /// <summary>The JSON text, for debuggers and transcripts.</summary>
    public override string ToString() => Json.ToString();

    /// <summary>Compares the bytes.</summary>
    public static bool operator ==(JsonSlice left, JsonSlice right) => left.Equals(right);

    /// <summary>Compares the bytes.</summary>
    public static bool operator !=(JsonSlice left, JsonSlice right) => !left.Equals(right);
}
