namespace Engine.Wire.Completion;

/// <summary>Why the model stopped (wire/mapping.md §5.2). Read once per dialect in its <c>XFinishReasons</c>, written likewise.</summary>
public enum FinishReason
{
    /// <summary>The model was done.</summary>
    Stop,

    /// <summary>A stop sequence was hit.</summary>
    StopSequence,

    /// <summary>The model waits for tool results.</summary>
    ToolCalls,

    /// <summary>The output limit was reached.</summary>
    Length,

    /// <summary>The context window is full.</summary>
    ContextFull,

    /// <summary>The provider's policy cut the answer.</summary>
    ContentFilter,

    /// <summary>The model declined in words; the text is the answer.</summary>
    Refusal,

    /// <summary>Anthropic <c>pause_turn</c>: resend to continue.</summary>
    PauseTurn,

    /// <summary>The model produced a tool call that cannot be parsed.</summary>
    MalformedCall,

    /// <summary>A reason without a place in this list; the upstream's own word says more.</summary>
    Other,
}
