using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Writes <c>thinking</c> and <c>output_config</c> in the form the model takes (wire/anthropic-messages.md §5, wire/mapping.md
/// §3.3).
/// </summary>
internal static class AnthropicReasoningWriter
{
    /// <summary>Writes both fields, either, or neither.</summary>
    public static void Write(JsonEmitter emitter, CompletionRequest request, AnthropicModel model)
    {
        var ask = request.Reasoning;
        ReasoningLevel? effort = null;
        if (model.Thinking == ReasoningControl.AdaptiveLevel)
        {
            effort = WriteAdaptive(emitter, ask, model);
        }
        else if (model.Thinking == ReasoningControl.Budget && ask.Mode == ReasoningMode.Budget)
        {
            emitter.ObjectStart("thinking"u8);
            emitter.Literal("type"u8, "enabled"u8);
            emitter.Number("budget_tokens"u8, ask.BudgetTokens);
            emitter.ObjectEnd();
        }

        WriteOutput(emitter, effort, request.Format);
    }

    private static ReasoningLevel? WriteAdaptive(JsonEmitter emitter, ReasoningAsk ask, AnthropicModel model)
    {
        switch (ask.Mode)
        {
            case ReasoningMode.Default when ask.Show != ReasoningShow.Shown || !model.ThinksByDefault:
                return null;
            case ReasoningMode.Off when model.Off is AnthropicThinkingOff.Disabled:
                WriteType(emitter, "disabled"u8, ReasoningShow.Default);
                return null;
            case ReasoningMode.Off when model.Off is AnthropicThinkingOff.BetweenTools:
                WriteType(emitter, "between_tools"u8, ReasoningShow.Default);
                return null;
            case ReasoningMode.Off:
                return null;
            default:
                WriteType(emitter, "adaptive"u8, ask.Show);
                return ask.Mode == ReasoningMode.Level ? ask.Level : null;
        }
    }

    // From Opus 4.7 on the text is omitted unless it is asked for.
    private static void WriteType(JsonEmitter emitter, ReadOnlySpan<byte> type, ReasoningShow show)
    {
        emitter.ObjectStart("thinking"u8);
        emitter.Literal("type"u8, type);
        if (show == ReasoningShow.Shown)
        {
            emitter.Literal("display"u8, "summarized"u8);
        }
        else if (show == ReasoningShow.SignatureOnly)
        {
            emitter.Literal("display"u8, "omitted"u8);
        }

        emitter.ObjectEnd();
    }

    private static void WriteOutput(JsonEmitter emitter, ReasoningLevel? effort, OutputFormat format)
    {
        var isSchema = format.Kind == OutputFormatKind.JsonSchema && format.Schema.IsPresent;
        if (effort is null && !isSchema)
        {
            return;
        }

        emitter.ObjectStart("output_config"u8);
        if (effort is { } level)
        {
            emitter.Literal("effort"u8, WordOf(level));
        }

        if (isSchema)
        {
            emitter.ObjectStart("format"u8);
            emitter.Literal("type"u8, "json_schema"u8);
            emitter.Raw("schema"u8, format.Schema);
            emitter.ObjectEnd();
        }

        emitter.ObjectEnd();
    }

    private static ReadOnlySpan<byte> WordOf(ReasoningLevel level) => level switch
    {
        ReasoningLevel.Medium => "medium"u8,
        ReasoningLevel.High => "high"u8,
        ReasoningLevel.XHigh => "xhigh"u8,
        ReasoningLevel.Max => "max"u8,
        _ => "low"u8,
    };
}
