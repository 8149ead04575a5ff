using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>Why one candidate stopped. Spans are valid until the receiving call returns.</summary>
public readonly ref struct FinishEvent
{
    /// <summary>The reason that drives code. Readers report what the upstream said; the tool-call precedence of wire/mapping.md §5.2 is applied by <see cref="FinishPrecedence"/>.</summary>
    public FinishReason Reason { get; init; }

    /// <summary>The upstream's own word, for logs; never shown to a client of another dialect.</summary>
    public EscapedText Raw { get; init; }

    /// <summary>The stop sequence that was hit, when the upstream says which.</summary>
    public EscapedText StopSequence { get; init; }

    /// <summary>The provider's explanation of a refusal or block.</summary>
    public EscapedText Explanation { get; init; }

    /// <summary>The candidate that stopped.</summary>
    public int Candidate { get; init; }
}
