using Engine.Wire.Dialects;

namespace Engine.Wire.OpenAiChat;

/// <summary>How a server takes the wish to reason (wire/mapping.md §3.1 and §3.3).</summary>
internal enum OpenAiChatReasoningForm
{
    /// <summary><c>reasoning_effort</c>.</summary>
    Effort,

    /// <summary><c>thinking.type</c> (DeepSeek, GLM, Kimi).</summary>
    Thinking,

    /// <summary><c>enable_thinking</c> and <c>thinking_budget</c> (Qwen).</summary>
    EnableThinking,
}

/// <summary>What a request writer must know of a model beyond its capabilities.</summary>
/// <param name="Capabilities">What passes read.</param>
/// <param name="IsOpenAi">True for OpenAI's own models: <c>max_completion_tokens</c>, and fields that other servers refuse.</param>
internal sealed record OpenAiChatModel(TargetCapabilities Capabilities, bool IsOpenAi)
{
    /// <summary>True when the system prompt goes under <c>developer</c>; other servers do not know the role.</summary>
    public bool DeveloperRole { get; init; }

    /// <summary>How the wish to reason is written.</summary>
    public OpenAiChatReasoningForm ReasoningForm { get; init; }

    /// <summary>True when parts keep <c>cache_control</c> (OpenRouter, Qwen).</summary>
    public bool KeepsCacheControl { get; init; }

    /// <summary>True when signatures go back in <c>reasoning_details</c> (OpenRouter) and not in <c>extra_content</c>.</summary>
    public bool TakesReasoningDetails { get; init; }
}
