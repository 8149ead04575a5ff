namespace Engine.Wire.Completion;

/// <summary>
/// Cumulative token counts in inclusive terms (wire/mapping.md §5.3). A negative field is unknown. Anthropic's exclusive
/// <c>input_tokens</c> and Gemini's exclusive <c>candidatesTokenCount</c> are converted by their readers and writers.
/// </summary>
public readonly record struct TokenUsage
{
    /// <summary>Nothing known.</summary>
    public static readonly TokenUsage Unknown = new();

    /// <summary>Makes a usage whose fields are all unknown.</summary>
    public TokenUsage()
    {
    }

    /// <summary>All input tokens, cached and written ones included.</summary>
    public long Input { get; init; } = -1;

    /// <summary>Input tokens read from the provider's prompt cache.</summary>
    public long CachedInput { get; init; } = -1;

    /// <summary>Input tokens written to the provider's prompt cache.</summary>
    public long CacheWrite { get; init; } = -1;

    /// <summary>All output tokens, reasoning included.</summary>
    public long Output { get; init; } = -1;

    /// <summary>Output tokens spent on reasoning.</summary>
    public long Reasoning { get; init; } = -1;

    /// <summary>True when any field is known.</summary>
    public bool IsKnown => Input >= 0 || Output >= 0 || CachedInput >= 0 || CacheWrite >= 0 || Reasoning >= 0;

    /// <summary>This usage overwritten, field by field, by what a later event knows. Totals are cumulative and never summed.</summary>
    public TokenUsage OverwrittenBy(in TokenUsage later) => new()
    {
        Input = later.Input >= 0 ? later.Input : Input,
        CachedInput = later.CachedInput >= 0 ? later.CachedInput : CachedInput,
        CacheWrite = later.CacheWrite >= 0 ? later.CacheWrite : CacheWrite,
        Output = later.Output >= 0 ? later.Output : Output,
        Reasoning = later.Reasoning >= 0 ? later.Reasoning : Reasoning,
    };

    /// <summary>Unknown fields as zero, for dialects that require a number.</summary>
    public TokenUsage OrZero() => new()
    {
        Input = Math.Max(Input, 0),
        CachedInput = Math.Max(CachedInput, 0),
        CacheWrite = Math.Max(CacheWrite, 0),
        Output = Math.Max(Output, 0),
        Reasoning = Math.Max(Reasoning, 0),
    };
}
