using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// OpenAI Chat Completions, and the compatible servers that speak it (wire/openai-chat.md): the front door to this folder's rooms.
/// </summary>
public sealed class OpenAiChatDialect : IClientDialect, IUpstreamDialect
{
    /// <summary>The one instance.</summary>
    public static readonly OpenAiChatDialect Instance = new();

    private OpenAiChatDialect()
    {
    }

    /// <inheritdoc cref="IClientDialect.Name"/>
    public string Name => "openai-chat";

    /// <inheritdoc/>
    public bool CountsTokens => false;

    /// <inheritdoc/>
    public RequestHead ReadHead(ClientRequest request) => OpenAiChatRequestReader.ReadHead(request.Body);

    /// <inheritdoc/>
    public UInt128 ReadConversation(ClientRequest request) => ConversationReader.Read(request, OpenAiChatConversation.Fields);

    /// <inheritdoc/>
    public CompletionRequest ReadRequest(ClientRequest request, Operation operation) => OpenAiChatRequestReader.Read(request.Body);

    /// <inheritdoc/>
    public HeldSignatures FindSignatures(ReadOnlySpan<byte> body) => OpenAiChatSignatureScanner.Find(body);

    /// <inheritdoc/>
    public string StreamContentType(AnswerContext context) => "text/event-stream; charset=utf-8";

    /// <inheritdoc/>
    public ICompletionWriter CreateWriter(IBufferWriter<byte> output, AnswerContext context) => new OpenAiChatEventWriter(output, context);

    /// <inheritdoc/>
    public void WriteBody(CompletionFold fold, AnswerContext context, IBufferWriter<byte> output) =>
        OpenAiChatBodyWriter.Write(fold, context, output);

    /// <inheritdoc/>
    public int WriteError(UpstreamError error, string requestId, IBufferWriter<byte> output) => OpenAiChatErrorWriter.Write(error, output);

    /// <inheritdoc/>
    public void WriteModelList(IReadOnlyList<ModelEntry> models, IBufferWriter<byte> output) =>
        OpenAiChatModelListWriter.WriteList(models, output);

    /// <inheritdoc/>
    public void WriteModel(ModelEntry model, IBufferWriter<byte> output) => OpenAiChatModelListWriter.WriteOne(model, output);

    /// <summary>Writes the shape of OpenAI's Responses counter: the dialect itself has none (wire/openai-chat.md §10).</summary>
    public void WriteTokenCount(long inputTokens, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.Literal("object"u8, "response.input_tokens"u8);
        emitter.Number("input_tokens"u8, inputTokens);
        emitter.ObjectEnd();
    }

    /// <inheritdoc/>
    public TargetCapabilities CapabilitiesOf(string model) => OpenAiChatModels.Of(model).Capabilities;

    /// <inheritdoc/>
    public string PathOf(Operation operation, string model, bool stream, bool streamAsJsonArray) => "chat/completions";

    /// <inheritdoc/>
    public WrittenRequest WriteRequest(CompletionRequest request, string model, Operation operation, LossLedger losses) =>
        new(PathOf(operation, model, request.Stream, streamAsJsonArray: false), OpenAiChatRequestWriter.Write(request, model, losses));

    /// <inheritdoc/>
    public CompletionReader CreateReader(AnswerContext context) => new OpenAiChatEventReader(context);

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlySpan<byte> body) => OpenAiChatErrorReader.Read(status, body);

    /// <inheritdoc/>
    public long? ReadTokenCount(ReadOnlySpan<byte> body) => null;
}
