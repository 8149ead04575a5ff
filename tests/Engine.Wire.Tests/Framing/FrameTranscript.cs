using System.Text;
using Engine.Testing;
using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

/// <summary>
/// What a framer says about an input, one line per frame with data and one for its last word: <c>event [NAME] DATA</c>,
/// <c>bare [NAME] DATA</c>, <c>End</c>. Silent frames leave no line, but count in the check that the raw bytes add up to the input.
/// </summary>
internal static class FrameTranscript
{
    /// <summary>Asserts that the input, in any shape, gives these lines, from the framer alone and from the whole reader.</summary>
    public static void Is(FrameFormat format, string input, params string[] expected) =>
        Is(format, Encoding.UTF8.GetBytes(input), expected);

    public static void Is(FrameFormat format, byte[] input, params string[] expected)
    {
        string wanted = string.Join('\n', expected);
        foreach (var chunking in Chunkings.All(input))
        {
            Assert.Equal((chunking.Name, wanted), (chunking.Name, string.Join('\n', Read(format, chunking))));
            if (format != FrameFormat.Detect)
            {
                Assert.Equal((chunking.Name, wanted), (chunking.Name, string.Join('\n', ReadBare(format, chunking))));
            }
        }
    }

    /// <summary>Through the whole reader, with a buffer that has to slide and grow.</summary>
    public static List<string> Read(FrameFormat format, Chunking chunking, int maximumFrame = FrameReader.DefaultMaximumFrame)
    {
        using var reader = new FrameReader(format, maximumFrame);
        var transcript = new List<string>();
        var raw = new List<byte>();
        FrameStatus last = Drain(reader, transcript, raw);
        foreach (var chunk in chunking.Chunks)
        {
            for (var rest = chunk; !rest.IsEmpty && last == FrameStatus.NeedMore;)
            {
                var memory = reader.GetMemory();
                int count = Math.Min(memory.Length, rest.Length);
                rest[..count].CopyTo(memory);
                reader.Advance(count);
                rest = rest[count..];
                last = Drain(reader, transcript, raw);
                reader.ReleaseIfEmpty();
            }
        }

        if (last == FrameStatus.NeedMore)
        {
            reader.Complete();
            last = Drain(reader, transcript, raw);
        }

        raw.AddRange(reader.Unread);
        byte[] input = Join(chunking);
        Assert.True(input.AsSpan().StartsWith(raw.ToArray()), chunking.Name);
        Assert.True(last != FrameStatus.End || raw.Count == input.Length, $"{chunking.Name}: {raw.Count} of {input.Length} bytes.");
        transcript.Add(last.ToString());
        return transcript;
    }

    /// <summary>The framer without a buffer.</summary>
    public static List<string> ReadBare(FrameFormat format, Chunking chunking) => format switch
    {
        FrameFormat.Sse => ReadBare(default(SseFramer), chunking),
        FrameFormat.NdJson => ReadBare(default(NdJsonFramer), chunking),
        _ => ReadBare(default(JsonArrayFramer), chunking),
    };

    public static string Line(Frame frame)
    {
        string kind = frame.Kind == FrameKind.Event ? "event" : "bare";
        return $"{kind} [{Encoding.UTF8.GetString(frame.Name)}] {Encoding.UTF8.GetString(frame.Data)}";
    }

    private static List<string> ReadBare<TFramer>(TFramer framer, Chunking chunking)
        where TFramer : struct, IFramer
    {
        byte[] input = Join(chunking);
        var transcript = new List<string>();
        int start = 0;
        int arrived = 0;
        var last = FrameStatus.NeedMore;
        foreach (int count in chunking.Chunks.Select(chunk => chunk.Length).Append(-1))
        {
            bool isFinal = count < 0;
            arrived += isFinal ? 0 : count;
            while (last is FrameStatus.NeedMore or FrameStatus.Frame or FrameStatus.Silent)
            {
                last = framer.Read(input.AsSpan(start, arrived - start), isFinal, out var frame);
                if (last is not (FrameStatus.Frame or FrameStatus.Silent))
                {
                    break;
                }

                Assert.True(frame.Length > 0, "A frame must consume something.");
                start += frame.Length;
                if (last == FrameStatus.Frame)
                {
                    transcript.Add(Line(frame));
                }
            }
        }

        framer.Dispose();
        transcript.Add(last.ToString());
        return transcript;
    }

    private static FrameStatus Drain(FrameReader reader, List<string> transcript, List<byte> raw)
    {
        FrameStatus status;
        while ((status = reader.Read(out var frame)) is FrameStatus.Frame or FrameStatus.Silent)
        {
            raw.AddRange(frame.Raw);
            if (status == FrameStatus.Frame)
            {
                transcript.Add(Line(frame));
            }
        }

        return status;
    }

    private static byte[] Join(Chunking chunking) => [.. chunking.Chunks.SelectMany(chunk => chunk.ToArray())];
}
