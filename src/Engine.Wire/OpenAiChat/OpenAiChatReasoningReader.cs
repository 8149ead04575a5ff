using System.Text.Json;
using Engine.Wire.Completion.Request;
using static Engine.Wire.OpenAiChat.OpenAiChatFieldReader;

namespace Engine.Wire.OpenAiChat;

/// <summary>Reads what a request asks of the model's reasoning, in OpenAI's form and those of vendors (wire/mapping.md §3.1).</summary>
internal static class OpenAiChatReasoningReader
{
    private const string Levels = "'none', 'minimal', 'low', 'medium', 'high', 'xhigh' and 'max'";

    public static ReasoningAsk Read(JsonElement root)
    {
        var ask = ReadEffort(root, "reasoning_effort"u8, "reasoning_effort")
            ?? ReadOpenRouter(root)
            ?? ReadThinking(root)
            ?? ReadBudget(root, "thinking_budget"u8, "thinking_budget")
            ?? ReadSwitch(root, "enable_thinking"u8, "enable_thinking")
            ?? ReadTemplate(root)
            ?? ReadGoogle(root)
            ?? ReasoningAsk.Default;
        return ReadShow(root) is { } show ? ask with { Show = show } : ask;
    }

    /// <summary>A level by its word; null for an unknown one.</summary>
    public static ReasoningLevel? LevelOf(string word) => word switch
    {
        "none" => ReasoningLevel.None,
        "minimal" => ReasoningLevel.Minimal,
        "low" => ReasoningLevel.Low,
        "medium" => ReasoningLevel.Medium,
        "high" => ReasoningLevel.High,
        "xhigh" => ReasoningLevel.XHigh,
        "max" => ReasoningLevel.Max,
        _ => null,
    };

    private static ReasoningAsk? ReadEffort(JsonElement parent, ReadOnlySpan<byte> name, string path)
    {
        if (!TryGet(parent, name, out var effort))
        {
            return null;
        }

        var word = AsString(effort, path);
        return LevelOf(word) is { } level ? ReasoningAsk.OfLevel(level) : throw NotAllowed(word, path, Levels);
    }

    private static ReasoningAsk? ReadBudget(JsonElement parent, ReadOnlySpan<byte> name, string path) =>
        TryGet(parent, name, out var budget) ? ReasoningAsk.OfBudget(AsInteger(budget, path, -1, long.MaxValue)) : null;

    private static ReasoningAsk? ReadSwitch(JsonElement parent, ReadOnlySpan<byte> name, string path) =>
        TryGet(parent, name, out var enabled) ? Switch(AsBoolean(enabled, path)) : null;

    private static ReasoningAsk Switch(bool on) => ReasoningAsk.Default with { Mode = on ? ReasoningMode.Dynamic : ReasoningMode.Off };

    // OpenRouter: reasoning { enabled, effort, max_tokens, exclude }.
    private static ReasoningAsk? ReadOpenRouter(JsonElement root)
    {
        if (!TryGet(root, "reasoning"u8, out var reasoning))
        {
            return null;
        }

        var enabled = ReadSwitch(AsObject(reasoning, "reasoning"), "enabled"u8, "reasoning.enabled");
        return enabled?.Mode == ReasoningMode.Off
            ? enabled
            : ReadEffort(reasoning, "effort"u8, "reasoning.effort")
                ?? ReadBudget(reasoning, "max_tokens"u8, "reasoning.max_tokens")
                ?? enabled;
    }

    // DeepSeek, GLM, Kimi: thinking { type: enabled | disabled | adaptive | auto, budget_tokens }.
    private static ReasoningAsk? ReadThinking(JsonElement root)
    {
        if (!TryGet(root, "thinking"u8, out var thinking))
        {
            return null;
        }

        var type = TryGet(AsObject(thinking, "thinking"), "type"u8, out var word) ? AsString(word, "thinking.type") : "enabled";
        return type switch
        {
            "disabled" => Switch(on: false),
            "enabled" or "adaptive" or "auto" => ReadBudget(thinking, "budget_tokens"u8, "thinking.budget_tokens") ?? Switch(on: true),
            _ => throw NotAllowed(type, "thinking.type", "'enabled', 'disabled', 'adaptive' and 'auto'"),
        };
    }

    // vLLM and SGLang pass switches through the chat template.
    private static ReasoningAsk? ReadTemplate(JsonElement root) =>
        TryGet(root, "chat_template_kwargs"u8, out var template)
            ? ReadSwitch(AsObject(template, "chat_template_kwargs"), "enable_thinking"u8, "chat_template_kwargs.enable_thinking")
                ?? ReadSwitch(template, "thinking"u8, "chat_template_kwargs.thinking")
            : null;

    private static ReasoningAsk? ReadGoogle(JsonElement root)
    {
        if (GoogleConfig(root) is not { } config)
        {
            return null;
        }

        const string Path = "extra_body.google.thinking_config";
        return ReadEffort(config, "thinking_level"u8, $"{Path}.thinking_level")
            ?? ReadBudget(config, "thinking_budget"u8, $"{Path}.thinking_budget");
    }

    private static ReasoningShow? ReadShow(JsonElement root)
    {
        if (TryGet(root, "reasoning"u8, out var reasoning) && TryGet(AsObject(reasoning, "reasoning"), "exclude"u8, out var exclude))
        {
            return AsBoolean(exclude, "reasoning.exclude") ? ReasoningShow.Hidden : ReasoningShow.Shown;
        }

        if (TryGet(root, "include_reasoning"u8, out var include))
        {
            return AsBoolean(include, "include_reasoning") ? ReasoningShow.Shown : ReasoningShow.Hidden;
        }

        return GoogleConfig(root) is { } config && TryGet(config, "include_thoughts"u8, out var thoughts)
            ? AsBoolean(thoughts, "extra_body.google.thinking_config.include_thoughts") ? ReasoningShow.Shown : ReasoningShow.Hidden
            : null;
    }

    // Gemini's compatible endpoint; some clients send the field literally, some merge it into the body.
    private static JsonElement? GoogleConfig(JsonElement root)
    {
        var parent = TryGet(root, "extra_body"u8, out var extra) && extra.ValueKind == JsonValueKind.Object ? extra : root;
        return TryGet(parent, "google"u8, out var google)
            && google.ValueKind == JsonValueKind.Object
            && TryGet(google, "thinking_config"u8, out var config)
                ? AsObject(config, "extra_body.google.thinking_config")
                : null;
    }
}
