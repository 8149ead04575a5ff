using Engine.Wire.Completion.Request;

namespace Engine.Wire.Anthropic;

/// <summary>Reads <c>thinking</c> and <c>output_config.effort</c> (wire/anthropic-messages.md §5, wire/mapping.md §3.1).</summary>
internal static class AnthropicReasoningReader
{
    /// <summary>What the client asks of the model's reasoning.</summary>
    /// <exception cref="RequestRejectedException">An unknown form or level.</exception>
    public static ReasoningAsk Read(AnthropicNode root)
    {
        var effort = ReadEffort(root);
        if (root.Get("thinking") is not { } thinking)
        {
            return effort is { } alone ? ReasoningAsk.OfLevel(alone) : ReasoningAsk.Default;
        }

        var type = thinking.Object().Require("type");
        return type.String() switch
        {
            "disabled" or "between_tools" => ReasoningAsk.OfLevel(ReasoningLevel.None, ReasoningShow.Hidden),
            "enabled" => ReasoningAsk.OfBudget(ReadBudget(thinking.Require("budget_tokens")), ReadShow(thinking)),
            "adaptive" when effort is { } level => ReasoningAsk.OfLevel(level, ReadShow(thinking)),
            "adaptive" => new ReasoningAsk(ReasoningMode.Dynamic, ReasoningLevel.None, 0, ReadShow(thinking)),
            _ => throw type.Reject("Input should be 'adaptive', 'between_tools', 'disabled' or 'enabled'"),
        };
    }

    private static ReasoningLevel? ReadEffort(AnthropicNode root)
    {
        if (root.Get("output_config")?.Object().Get("effort") is not { } effort)
        {
            return null;
        }

        return effort.String() switch
        {
            "low" => ReasoningLevel.Low,
            "medium" => ReasoningLevel.Medium,
            "high" => ReasoningLevel.High,
            "xhigh" => ReasoningLevel.XHigh,
            "max" => ReasoningLevel.Max,
            _ => throw effort.Reject("Input should be 'low', 'medium', 'high', 'xhigh' or 'max'"),
        };
    }

    private static long ReadBudget(AnthropicNode budget) =>
        budget.Integer() is > 0 and var tokens ? tokens : throw budget.Reject("Input should be greater than or equal to 1024");

    private static ReasoningShow ReadShow(AnthropicNode thinking)
    {
        if (thinking.Get("display") is not { } display)
        {
            return ReasoningShow.Shown;
        }

        return display.String() switch
        {
            "summarized" => ReasoningShow.Shown,
            "omitted" => ReasoningShow.SignatureOnly,
            _ => throw display.Reject("Input should be 'omitted' or 'summarized'"),
        };
    }
}
