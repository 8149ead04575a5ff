namespace Engine.Wire.Framing;

/// <summary>The UTF-8 byte order mark that may stand once, at the very start of a body.</summary>
internal static class ByteOrderMark
{
    private static ReadOnlySpan<byte> Bytes => [0xEF, 0xBB, 0xBF];

    /// <summary>False while too little has arrived to tell; then <paramref name="length"/> is 3 or 0.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> start, bool isFinal, out int length)
    {
        length = start.StartsWith(Bytes) ? Bytes.Length : 0;
        return length > 0 || isFinal || !Bytes.StartsWith(start);
    }
}
