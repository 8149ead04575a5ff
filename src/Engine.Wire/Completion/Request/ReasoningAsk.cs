namespace Engine.Wire.Completion.Request;

/// <summary>How the client controls reasoning (wire/mapping.md §3.1).</summary>
public enum ReasoningMode
{
    /// <summary>Not said: send nothing.</summary>
    Default,

    /// <summary>No reasoning.</summary>
    Off,

    /// <summary>The model decides how much.</summary>
    Dynamic,

    /// <summary>A named level.</summary>
    Level,

    /// <summary>A number of tokens.</summary>
    Budget,
}

/// <summary>Named levels in rising order (wire/mapping.md §3.2).</summary>
public enum ReasoningLevel
{
    /// <summary>None.</summary>
    None,

    /// <summary>As little as possible.</summary>
    Minimal,

    /// <summary>Little.</summary>
    Low,

    /// <summary>Medium.</summary>
    Medium,

    /// <summary>Much.</summary>
    High,

    /// <summary>Very much.</summary>
    XHigh,

    /// <summary>As much as the model can.</summary>
    Max,
}

/// <summary>What of the reasoning the client wants to see.</summary>
public enum ReasoningShow
{
    /// <summary>Not said: as is usual in its dialect.</summary>
    Default,

    /// <summary>Nothing.</summary>
    Hidden,

    /// <summary>Only that it happened and its signature (Anthropic <c>display: omitted</c>).</summary>
    SignatureOnly,

    /// <summary>The text.</summary>
    Shown,
}

/// <summary>What the client asks of the model's reasoning.</summary>
/// <param name="Mode">How it is controlled.</param>
/// <param name="Level">For <see cref="ReasoningMode.Level"/>.</param>
/// <param name="BudgetTokens">For <see cref="ReasoningMode.Budget"/>.</param>
/// <param name="Show">What of it is shown.</param>
public sealed record ReasoningAsk(ReasoningMode Mode, ReasoningLevel Level, long BudgetTokens, ReasoningShow Show)
{
    /// <summary>Nothing said.</summary>
    public static readonly ReasoningAsk Default = new(ReasoningMode.Default, ReasoningLevel.None, 0, ReasoningShow.Default);

    /// <summary>A named level; <see cref="ReasoningLevel.None"/> is off.</summary>
    public static ReasoningAsk OfLevel(ReasoningLevel level, ReasoningShow show = ReasoningShow.Default) =>
        new(level == ReasoningLevel.None ? ReasoningMode.Off : ReasoningMode.Level, level, 0, show);

    /// <summary>A budget; 0 is off and a negative one dynamic.</summary>
    public static ReasoningAsk OfBudget(long tokens, ReasoningShow show = ReasoningShow.Default) =>
        new(tokens switch { 0 => ReasoningMode.Off, < 0 => ReasoningMode.Dynamic, _ => ReasoningMode.Budget }, ReasoningLevel.None, Math.Max(tokens, 0), show);
}
