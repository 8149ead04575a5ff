namespace Engine.Wire.Completion;

/// <summary>The precedence of wire/mapping.md §5.2: filter and length stand, tool calls seen override stop only, and the reverse.</summary>
public static class FinishPrecedence
{
    /// <summary>The reason to report, given whether any tool call was seen in the candidate.</summary>
    public static FinishReason Resolve(FinishReason reported, bool toolCallsSeen) => (reported, toolCallsSeen) switch
    {
        (FinishReason.Stop or FinishReason.Other, true) => FinishReason.ToolCalls,
        (FinishReason.ToolCalls, false) => FinishReason.Stop,
        _ => reported,
    };
}
