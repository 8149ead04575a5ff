using System.Text;

namespace Engine.Host.Tests.Inflating;

/// <summary>Bodies that can be written anew from their length alone: recorded vectors keep only the compressed side.</summary>
internal static class SampleTexts
{
    private static readonly string[] Words =
    [
        "the", "file", "function", "returns", "a", "stream", "of", "events", "while", "\\\"quoted\\\"", "error:", "line",
        "src/main.rs", "expected", "but", "found", "retry", "after", "\\n", "    let", "value", "=",
        "buffer.read(", ");", "caf\u00e9", "\u65e5\u672c\u8a9e", "tool", "call",
    ];

    /// <summary>A request as coding agents send it, cut at exactly that many bytes.</summary>
    public static byte[] Json(int length)
    {
        var text = new StringBuilder("{\"model\":\"demo\",\"stream\":true,\"messages\":[");
        uint state = 1;
        for (int turn = 0; text.Length < length; turn++)
        {
            string role = turn % 2 == 0 ? "user" : "assistant";
            text.Append($"{{\"role\":\"{role}\",\"id\":\"msg_{Next(ref state):x8}\",\"content\":[{{\"type\":\"text\",\"text\":\"");
            for (uint words = Next(ref state) % 60; words > 0; words--)
            {
                text.Append(Words[Next(ref state) % Words.Length]).Append(' ');
            }

            text.Append("\"}]},");
        }

        return Encoding.UTF8.GetBytes(text.ToString())[..length];
    }

    /// <summary>One short line over and over.</summary>
    public static byte[] Repetitive(int length)
    {
        byte[] line = "data: {\"delta\":\"again and again\"}\n\n"u8.ToArray();
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = line[i % line.Length];
        }

        return bytes;
    }

    /// <summary>Bytes in which no compressor finds anything.</summary>
    public static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        uint state = 7;
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)Next(ref state);
        }

        return bytes;
    }

    /// <summary>Digits only: hardly a match, but literals that a Huffman tree halves.</summary>
    public static byte[] Digits(int length) => [.. Noise(length).Select(static value => (byte)('0' + (value % 10)))];

    /// <summary>Few byte values, all of them small: a Huffman tree that is described weight by weight.</summary>
    public static byte[] Dice(int length) => [.. Noise(length).Select(static value => (byte)(value % 11))];

    /// <summary>The same noise at both ends of a long run of one byte, so that a match reaches over all of it.</summary>
    public static byte[] FarApart(int distance)
    {
        byte[] noise = Noise(2048);
        return [.. noise, .. new byte[distance - noise.Length], .. noise];
    }

    private static uint Next(ref uint state)
    {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return state >> 3;
    }
}
