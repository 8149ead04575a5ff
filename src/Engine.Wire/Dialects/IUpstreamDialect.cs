using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;

namespace Engine.Wire.Dialects;

/// <summary>A dialect as upstreams speak it: requests out, answers and errors in. Stateless; every instance serves all requests.</summary>
public interface IUpstreamDialect
{
    /// <summary>The dialect's name in config and metrics: <c>openai-chat</c>.</summary>
    string Name { get; }

    /// <summary>What a model of this dialect can express; unknown models get the newest generation's.</summary>
    TargetCapabilities CapabilitiesOf(string model);

    /// <summary>Path and query below the base URL, without a leading slash, for a body that is already in this dialect.</summary>
    string PathOf(Operation operation, string model, bool stream, bool streamAsJsonArray);

    /// <summary>Writes a normalised request. What it cannot express goes to the ledger.</summary>
    WrittenRequest WriteRequest(CompletionRequest request, string model, Operation operation, LossLedger losses);

    /// <summary>A reader for one answer.</summary>
    CompletionReader CreateReader(AnswerContext context);

    /// <summary>Reads an error answer, whatever its shape (HTML and empty bodies too).</summary>
    UpstreamError ReadError(int status, ReadOnlySpan<byte> body);

    /// <summary>True when the upstream can count tokens.</summary>
    bool CountsTokens { get; }

    /// <summary>Reads the answer to a count request; null when it is not one.</summary>
    long? ReadTokenCount(ReadOnlySpan<byte> body);
}
