using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Google's <c>generateContent</c> API, as its clients and its upstreams speak it (wire/gemini.md).</summary>
public sealed class GeminiDialect : IClientDialect, IUpstreamDialect
{
    /// <summary>The only instance: the dialect has no state.</summary>
    public static readonly GeminiDialect Instance = new();

    private GeminiDialect()
    {
    }

    /// <inheritdoc cref="IClientDialect.Name"/>
    public string Name => "gemini";

    /// <inheritdoc/>
    public bool CountsTokens => true;

    /// <inheritdoc/>
    public RequestHead ReadHead(ClientRequest request) => GeminiRequestReader.ReadHead(request);

    /// <inheritdoc/>
    public UInt128 ReadConversation(ClientRequest request) => ConversationReader.Read(request, GeminiConversation.Fields);

    /// <inheritdoc/>
    public CompletionRequest ReadRequest(ClientRequest request, Operation operation) => GeminiRequestReader.Read(request, operation);

    /// <inheritdoc/>
    public HeldSignatures FindSignatures(ReadOnlySpan<byte> body) => GeminiSignatureScanner.Find(body);

    /// <inheritdoc/>
    public string StreamContentType(AnswerContext context) => context.StreamAsJsonArray ? "application/json" : "text/event-stream";

    /// <inheritdoc/>
    public ICompletionWriter CreateWriter(IBufferWriter<byte> output, AnswerContext context) => new GeminiEventWriter(output, context);

    /// <inheritdoc/>
    public void WriteBody(CompletionFold fold, AnswerContext context, IBufferWriter<byte> output) => GeminiBodyWriter.Write(fold, context, output);

    /// <inheritdoc/>
    public int WriteError(UpstreamError error, string requestId, IBufferWriter<byte> output) => GeminiErrorWriter.Write(error, output);

    /// <inheritdoc/>
    public void WriteModelList(IReadOnlyList<ModelEntry> models, IBufferWriter<byte> output) => GeminiModelListWriter.Write(models, output);

    /// <inheritdoc/>
    public void WriteModel(ModelEntry model, IBufferWriter<byte> output) => GeminiModelListWriter.Write(model, new JsonEmitter(output));

    /// <inheritdoc/>
    public void WriteTokenCount(long inputTokens, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.Number("totalTokens"u8, inputTokens);
        emitter.ObjectEnd();
    }

    /// <inheritdoc/>
    public TargetCapabilities CapabilitiesOf(string model) => GeminiModels.Of(model).Capabilities;

    /// <inheritdoc/>
    public string PathOf(Operation operation, string model, bool stream, bool streamAsJsonArray) =>
        GeminiPaths.Of(operation, model, stream, streamAsJsonArray);

    /// <inheritdoc/>
    public WrittenRequest WriteRequest(CompletionRequest request, string model, Operation operation, LossLedger losses) =>
        GeminiRequestWriter.Write(request, model, operation, losses);

    /// <inheritdoc/>
    public CompletionReader CreateReader(AnswerContext context) => new GeminiEventReader(context);

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlySpan<byte> body) => GeminiErrorReader.Read(status, body);

    /// <inheritdoc/>
    public long? ReadTokenCount(ReadOnlySpan<byte> body)
    {
        if (!JsonValidity.IsObject(body))
        {
            return null;
        }

        long? count = null;
        var cursor = new JsonCursor(body);
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (!cursor.NameIs("totalTokens"u8) && !cursor.NameIs("total_tokens"u8))
            {
                cursor.SkipValue();
            }
            else if (cursor.TryReadInteger(out var value))
            {
                count = value;
            }
        }

        return count;
    }
}
