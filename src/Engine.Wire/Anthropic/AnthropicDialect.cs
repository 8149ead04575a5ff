using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Anthropic Messages (wire/anthropic-messages.md): the front door to its rooms. Stateless and safe for all threads.</summary>
public sealed class AnthropicDialect : IClientDialect, IUpstreamDialect
{
    /// <summary>The one instance.</summary>
    public static readonly AnthropicDialect Instance = new();

    private AnthropicDialect()
    {
    }

    /// <inheritdoc/>
    public string Name => "anthropic";

    /// <inheritdoc/>
    public bool CountsTokens => true;

    /// <inheritdoc/>
    public RequestHead ReadHead(ClientRequest request) => AnthropicHeadReader.Read(request.Body.Span);

    /// <inheritdoc/>
    public UInt128 ReadConversation(ClientRequest request) => ConversationReader.Read(request, AnthropicConversation.Fields);

    /// <inheritdoc/>
    public CompletionRequest ReadRequest(ClientRequest request, Operation operation) =>
        AnthropicRequestReader.Read(request.Body, operation);

    /// <inheritdoc/>
    public HeldSignatures FindSignatures(ReadOnlySpan<byte> body) => AnthropicSignatureScanner.Find(body);

    /// <inheritdoc/>
    public string StreamContentType(AnswerContext context) => "text/event-stream; charset=utf-8";

    /// <inheritdoc/>
    public ICompletionWriter CreateWriter(IBufferWriter<byte> output, AnswerContext context) => new AnthropicEventWriter(output, context);

    /// <inheritdoc/>
    public void WriteBody(CompletionFold fold, AnswerContext context, IBufferWriter<byte> output) =>
        AnthropicBodyWriter.Write(fold, context, output);

    /// <inheritdoc/>
    public int WriteError(UpstreamError error, string requestId, IBufferWriter<byte> output) =>
        AnthropicErrorWriter.Write(error, requestId, output);

    /// <inheritdoc/>
    public void WriteModelList(IReadOnlyList<ModelEntry> models, IBufferWriter<byte> output) =>
        AnthropicModelListWriter.Write(models, output);

    /// <inheritdoc/>
    public void WriteModel(ModelEntry model, IBufferWriter<byte> output) => AnthropicModelListWriter.Write(model, output);

    /// <inheritdoc/>
    public void WriteTokenCount(long inputTokens, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.Number("input_tokens"u8, inputTokens);
        emitter.ObjectEnd();
    }

    /// <inheritdoc/>
    public TargetCapabilities CapabilitiesOf(string model) => AnthropicModels.Of(model).Capabilities;

    /// <inheritdoc/>
    public string PathOf(Operation operation, string model, bool stream, bool streamAsJsonArray) =>
        operation == Operation.CountTokens ? "v1/messages/count_tokens" : "v1/messages";

    /// <inheritdoc/>
    public WrittenRequest WriteRequest(CompletionRequest request, string model, Operation operation, LossLedger losses) =>
        new(
            PathOf(operation, model, request.Stream, streamAsJsonArray: false),
            AnthropicRequestWriter.Write(request, model, operation, losses));

    /// <inheritdoc/>
    public CompletionReader CreateReader(AnswerContext context) => new AnthropicEventReader(context);

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlySpan<byte> body) => AnthropicErrorReader.Read(status, body);

    /// <inheritdoc/>
    public long? ReadTokenCount(ReadOnlySpan<byte> body)
    {
        try
        {
            var cursor = new JsonCursor(body);
            if (!body.IsEmpty && cursor.EnterObject())
            {
                while (cursor.NextProperty())
                {
                    if (cursor.NameIs("input_tokens"u8))
                    {
                        return cursor.TryReadInteger(out var tokens) ? tokens : null;
                    }

                    cursor.SkipValue();
                }
            }
        }
        catch (System.Text.Json.JsonException)
        {
            // Not an answer to a count request.
        }

        return null;
    }
}
