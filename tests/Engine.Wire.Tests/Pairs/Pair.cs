using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Framing;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Pairs;

/// <summary>A client's dialect before an upstream's, and the way of an answer through both.</summary>
internal sealed record Pair(string Client, string Upstream)
{
    public bool TellsRefusals => Client == Dialects.OpenAiChat && Upstream == Dialects.OpenAiChat;

    public bool Has(string dialect) => Client == dialect || Upstream == dialect;

    /// <summary>The answer as its upstream streams it.</summary>
    public byte[] UpstreamStream(AnswerScript script)
    {
        using var output = new PooledBytes();
        script.Play(Dialects.Client(Upstream).CreateWriter(output, Dialects.UpstreamEnd), Dialects.FamilyOf(Upstream));
        return output.Span.ToArray();
    }

    /// <summary>The answer as its upstream gives it whole.</summary>
    public byte[] UpstreamBody(AnswerScript script)
    {
        using var fold = new CompletionFold();
        using var output = new PooledBytes();
        script.Play(fold, Dialects.FamilyOf(Upstream));
        Dialects.Client(Upstream).WriteBody(fold, Dialects.UpstreamEnd, output);
        return output.Span.ToArray();
    }

    /// <summary>What the client receives of a stream that arrives like this.</summary>
    public byte[] Transcode(Chunking chunking)
    {
        using var output = new PooledBytes();
        Read(Upstream, chunking, new TeeSink(new MeteringSink(), Dialects.Client(Client).CreateWriter(output, Dialects.Exchange)));
        return output.Span.ToArray();
    }

    public byte[] Transcode(byte[] stream) => Transcode(Whole(stream));

    /// <summary>What the client receives of a whole answer.</summary>
    public byte[] TranscodeBody(byte[] body)
    {
        using var fold = new CompletionFold();
        using var output = new PooledBytes();
        Dialects.Upstream(Upstream).CreateReader(Dialects.Exchange).ReadBody(body, fold);
        Assert.Null(fold.Failure);
        Dialects.Client(Client).WriteBody(fold, Dialects.Exchange, output);
        return output.Span.ToArray();
    }

    /// <summary>What a client of the dialect understands of a stream.</summary>
    public AnswerFacts FactsOfStream(byte[] stream)
    {
        using var fold = new CompletionFold();
        Read(Client, Whole(stream), fold);
        return FactsOf(fold);
    }

    public AnswerFacts FactsOfBody(byte[] body)
    {
        using var fold = new CompletionFold();
        Dialects.Upstream(Client).CreateReader(Dialects.Exchange).ReadBody(body, fold);
        return FactsOf(fold);
    }

    /// <summary>What the script says, as far as this pair can carry it.</summary>
    public AnswerFacts FactsOf(AnswerScript script)
    {
        using var fold = new CompletionFold();
        script.Play(fold, Dialects.FamilyOf(Upstream));
        return FactsOf(fold);
    }

    /// <summary>Reads a stream into a sink.</summary>
    public static void Read(string dialect, Chunking chunking, ICompletionSink sink, FrameFormat format = FrameFormat.Sse)
    {
        using var frames = new FrameReader(format);
        var reader = Dialects.Upstream(dialect).CreateReader(Dialects.Exchange);
        foreach (var chunk in chunking.Chunks)
        {
            for (var rest = chunk; !rest.IsEmpty;)
            {
                var memory = frames.GetMemory();
                var count = Math.Min(memory.Length, rest.Length);
                rest[..count].CopyTo(memory);
                frames.Advance(count);
                rest = rest[count..];
                Assert.Equal(FrameStatus.NeedMore, Drain(frames, reader, sink));
            }
        }

        frames.Complete();
        Drain(frames, reader, sink);
        reader.Complete(sink);
    }

    public static Chunking Whole(byte[] stream) => new("whole", [stream]);

    private static FrameStatus Drain(FrameReader frames, CompletionReader reader, ICompletionSink sink)
    {
        FrameStatus status;
        while ((status = frames.Read(out var frame)) is FrameStatus.Frame or FrameStatus.Silent)
        {
            if (status == FrameStatus.Frame)
            {
                reader.ReadEvent(frame.Name, frame.Data, sink);
            }
        }

        return status;
    }

    private AnswerFacts FactsOf(CompletionFold fold)
    {
        Assert.Null(fold.Failure);
        Assert.True(fold.Ended);
        return AnswerFacts.Of(fold, this);
    }
}
