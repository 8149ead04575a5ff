namespace Engine.Wire.Framing;

/// <summary>
/// Puts JSON on one line, as SSE and NDJSON need it. Between tokens a line end goes, and the indentation behind it; inside a string,
/// where it is an upstream's fault, it becomes the escape it should have been. JSON without raw line ends is copied as it is.
/// </summary>
internal static class SingleLineJson
{
    /// <summary>Most bytes that <see cref="Write"/> can produce.</summary>
    public static int MeasureAtMost(ReadOnlySpan<byte> json)
    {
        int found = json.IndexOfAny((byte)'\n', (byte)'\r');
        return found < 0 ? json.Length : json.Length + json[found..].Count((byte)'\n') + json[found..].Count((byte)'\r');
    }

    /// <summary>
    /// Writes the JSON and returns its length. <paramref name="destination"/> holds what <see cref="MeasureAtMost"/> said.
    /// </summary>
    public static int Write(ReadOnlySpan<byte> json, Span<byte> destination)
    {
        if (json.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
        {
            return WriteSlow(json, destination);
        }

        json.CopyTo(destination);
        return json.Length;
    }

    private static int WriteSlow(ReadOnlySpan<byte> json, Span<byte> destination)
    {
        int length = 0;
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            byte current = json[i];
            if (current is (byte)'\n' or (byte)'\r')
            {
                if (inString)
                {
                    destination[length++] = (byte)'\\';
                    destination[length++] = current == (byte)'\n' ? (byte)'n' : (byte)'r';
                }
                else
                {
                    i += json[(i + 1)..].IndexOfAnyExcept(" \t\r\n"u8) is >= 0 and var indent ? indent : json.Length - i - 1;
                }

                continue;
            }

            destination[length++] = current;
            if (current == (byte)'"')
            {
                inString = !inString;
            }
            else if (current == (byte)'\\' && inString && i + 1 < json.Length && json[i + 1] is not ((byte)'\n' or (byte)'\r'))
            {
                destination[length++] = json[++i];
            }
        }

        return length;
    }
}
