using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;

namespace Engine.Wire.Dialects;

/// <summary>A dialect as clients speak it: requests in, answers and errors out. Stateless; every instance serves all requests.</summary>
public interface IClientDialect
{
    /// <summary>The dialect's name in config and metrics: <c>openai-chat</c>.</summary>
    string Name { get; }

    /// <summary>Reads what routing needs, in one cheap pass.</summary>
    /// <exception cref="RequestRejectedException">The body is not a JSON object or names no model.</exception>
    RequestHead ReadHead(ClientRequest request);

    /// <summary>
    /// The key of the conversation to which a request belongs, the same in each of its turns: of the id that the client gives in
    /// a header or in the body, else of the system prompt, the tools and the turns up to the first of the user, where
    /// <c>cache_control</c> and white space do not matter. Cheap: one pass over the body, a constant allocation, no tree. The key
    /// knows nothing of the caller: keep the keys of different clients apart where a client must not name another's.
    /// </summary>
    /// <returns>Never throws; 0 when there is no conversation to tell: neither id nor user turn, or not a JSON object.</returns>
    UInt128 ReadConversation(ClientRequest request);

    /// <summary>Reads the whole request.</summary>
    /// <exception cref="RequestRejectedException">A field is missing or malformed; the message names it.</exception>
    CompletionRequest ReadRequest(ClientRequest request, Operation operation);

    /// <summary>
    /// What proofs of earlier reasoning a request body holds, in one cheap pass without a tree; callers go through
    /// <see cref="RequestSignatures.Find"/>.
    /// </summary>
    /// <exception cref="System.Text.Json.JsonException">The body is not JSON.</exception>
    HeldSignatures FindSignatures(ReadOnlySpan<byte> body);

    /// <summary>The content type of a streamed answer.</summary>
    string StreamContentType(AnswerContext context);

    /// <summary>
    /// A writer for one streamed answer. Its <see cref="ICompletionSink.Error"/> is the dialect's in-stream error event and is
    /// legal at any point, before the start too.
    /// </summary>
    ICompletionWriter CreateWriter(IBufferWriter<byte> output, AnswerContext context);

    /// <summary>Writes a whole answer. The fold has ended without a failure.</summary>
    void WriteBody(CompletionFold fold, AnswerContext context, IBufferWriter<byte> output);

    /// <summary>Writes an error body and returns its HTTP status (wire/mapping.md §7).</summary>
    int WriteError(UpstreamError error, string requestId, IBufferWriter<byte> output);

    /// <summary>Writes the list of models.</summary>
    void WriteModelList(IReadOnlyList<ModelEntry> models, IBufferWriter<byte> output);

    /// <summary>Writes one model.</summary>
    void WriteModel(ModelEntry model, IBufferWriter<byte> output);

    /// <summary>Writes the answer to a count request.</summary>
    void WriteTokenCount(long inputTokens, IBufferWriter<byte> output);
}
