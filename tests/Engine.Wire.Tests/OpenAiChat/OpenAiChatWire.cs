using System.Text;
using Engine.Testing;
using Engine.Wire.Completion;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.OpenAiChat;

/// <summary>Shorthand of this folder's tests: events in, transcript out, and the reverse.</summary>
internal static class OpenAiChatWire
{
    public const string MintedCall = "call_";

    public static AnswerContext Context { get; } = new()
    {
        Model = "client-model",
        Ids = new IdMint(42),
        CreatedUnixSeconds = 1_790_000_000,
    };

    public static AnswerContext WithUsage { get; } = Context with { IncludeUsage = true };

    /// <summary>Reads events (the data of each) and then the end of the stream.</summary>
    public static TranscriptSink Stream(params IEnumerable<string> events)
    {
        var sink = new TranscriptSink();
        var reader = OpenAiChatDialect.Instance.CreateReader(Context);
        foreach (var data in events)
        {
            reader.ReadEvent(default, Encoding.UTF8.GetBytes(data), sink);
        }

        reader.Complete(sink);
        return sink;
    }

    /// <summary>Reads deltas of candidate 0, a finish and the terminator.</summary>
    public static TranscriptSink Deltas(string finish, params string[] deltas) =>
        Stream([.. deltas.Select(static delta => Chunk(delta)), Chunk("{}", finish), "[DONE]"]);

    public static TranscriptSink Body(string body)
    {
        var sink = new TranscriptSink();
        OpenAiChatDialect.Instance.CreateReader(Context).ReadBody(Encoding.UTF8.GetBytes(body), sink);
        return sink;
    }

    public static string Chunk(string delta, string? finish = null, int index = 0) =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"up","choices":[{"index":{{index}},"delta":{{delta}},"finish_reason":{{(finish is null ? "null" : $"\"{finish}\"")}}}]}""";

    /// <summary>The lines between start and finish, deltas joined.</summary>
    public static string Content(TranscriptSink sink) => string.Join('\n', sink.Coalesced.Where(static line =>
        !line.StartsWith("start", StringComparison.Ordinal) && !line.StartsWith("finish", StringComparison.Ordinal) && line != "end"));

    /// <summary>Writes a transcript as a stream.</summary>
    public static string Write(string transcript, AnswerContext? context = null)
    {
        using var output = new PooledBytes();
        Transcript.Play(transcript, OpenAiChatDialect.Instance.CreateWriter(output, context ?? Context));
        return Encoding.UTF8.GetString(output.Span);
    }

    /// <summary>Writes a transcript as a whole answer.</summary>
    public static string WriteBody(string transcript, AnswerContext? context = null)
    {
        using var fold = new CompletionFold();
        Transcript.Play(transcript, fold);
        using var output = new PooledBytes();
        OpenAiChatDialect.Instance.WriteBody(fold, context ?? Context, output);
        return Encoding.UTF8.GetString(output.Span);
    }

    /// <summary>The data of each event of a written stream.</summary>
    public static IReadOnlyList<string> Events(string stream) =>
    [
        .. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static frame =>
        {
            Assert.StartsWith("data: ", frame, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', frame);
            return frame["data: ".Length..];
        }),
    ];
}
