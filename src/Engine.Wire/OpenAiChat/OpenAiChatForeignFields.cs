using System.Collections.Frozen;
using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using static Engine.Wire.OpenAiChat.OpenAiChatFieldReader;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Fields of a Chat Completions request that have no place in the tree (wire/openai-chat.md §2, wire/mapping.md §4 and §6): what
/// becomes of them in another dialect, and which of them this dialect writes again.
/// </summary>
internal static class OpenAiChatForeignFields
{
    // Read into the tree elsewhere; everything else at the top level is foreign.
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "model",
        "messages",
        "stream",
        "stream_options",
        "max_completion_tokens",
        "max_tokens",
        "temperature",
        "top_p",
        "top_k",
        "n",
        "stop",
        "frequency_penalty",
        "presence_penalty",
        "seed",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "functions",
        "function_call",
        "response_format",
        "reasoning_effort",
        "reasoning",
        "thinking",
        "thinking_budget",
        "enable_thinking",
        "include_reasoning",
        "chat_template_kwargs",
        "extra_body",
        "google",
        "user",
        "safety_identifier",
        "web_search_options");

    // Hints that OpenAI itself takes and others refuse; true where compatible servers take them too.
    private static readonly FrozenDictionary<string, bool> Own = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        ["logit_bias"] = true,
        ["logprobs"] = true,
        ["top_logprobs"] = true,
        ["verbosity"] = false,
        ["modalities"] = false,
        ["audio"] = false,
        ["prediction"] = false,
        ["store"] = false,
        ["metadata"] = false,
        ["prompt_cache_key"] = false,
        ["prompt_cache_options"] = false,
        ["prompt_cache_retention"] = false,
        ["moderation"] = false,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static List<ForeignField> Read(OpenAiChatFieldReader fields, JsonElement root)
    {
        var foreign = new List<ForeignField>();
        foreach (var property in root.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null && !Known.Contains(property.Name))
            {
                foreign.Add(new ForeignField(property.Name, fields.Raw(property.Value), RuleOf(property.Name, property.Value)));
            }
        }

        return foreign;
    }

    /// <summary>Writes the fields this dialect knows and this server takes; the others go to the ledger.</summary>
    public static void Write(JsonEmitter emitter, IReadOnlyList<ForeignField> foreign, bool isOpenAi, LossLedger losses)
    {
        foreach (var field in foreign)
        {
            if (Own.TryGetValue(field.Path, out var everywhere) && (everywhere || isOpenAi))
            {
                emitter.Name(EscapedText.FromContent(JsonStrings.Escape(field.Path)));
                emitter.Raw(field.Value);
            }
            else
            {
                losses.Add(field.Path, field.Rule);
            }
        }
    }

    private static LossRule RuleOf(string name, JsonElement value) => name switch
    {
        "logprobs" when value.ValueKind == JsonValueKind.True => LossRule.Refused,
        "modalities" when HasSound(value) => LossRule.Refused,
        _ => LossRule.Dropped,
    };

    private static bool HasSound(JsonElement modalities) =>
        AsArray(modalities, "modalities").EnumerateArray()
            .Any(static each => each.ValueKind == JsonValueKind.String && AsString(each, "modalities") != "text");
}
