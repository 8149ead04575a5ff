using System.Text.Json;

namespace Engine.Wire.Tests.Anthropic;

/// <summary>
/// The grammar of wire/anthropic-messages.md §7 as an oracle: says what is wrong with a stream, or nothing. Knows nothing of the
/// writer.
/// </summary>
internal static class AnthropicGrammar
{
    private static readonly string[] StopReasons =
        ["end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded"];

    public static void AssertLegal(string sse) => Assert.Equal("", Fault(sse));

    public static string Fault(string sse)
    {
        var state = "before message_start";
        var open = -1;
        var kind = "";
        var next = 0;
        var signatures = 0;
        foreach (var (name, data) in AnthropicPlay.Events(sse))
        {
            using var json = JsonDocument.Parse(data);
            var root = json.RootElement;
            if (root.GetProperty("type").GetString() != name)
            {
                return $"{name}: another type in its data";
            }

            if (state == "over")
            {
                return $"{name} after the end";
            }

            switch (name)
            {
                case "ping":
                    break;
                case "error":
                    state = "over";
                    break;
                case "message_start" when state == "before message_start":
                    state = "in message";
                    break;
                case "content_block_start" when state == "in message" && open < 0:
                    open = root.GetProperty("index").GetInt32();
                    kind = root.GetProperty("content_block").GetProperty("type").GetString()!;
                    signatures = 0;
                    if (open != next++)
                    {
                        return $"index {open} where {next - 1} was due";
                    }

                    break;
                case "content_block_delta" when open == root.GetProperty("index").GetInt32():
                    var delta = root.GetProperty("delta");
                    var type = delta.GetProperty("type").GetString();
                    signatures += type == "signature_delta" ? 1 : 0;
                    var fits = (kind, type) is ("text", "text_delta") or ("text", "citations_delta") or ("tool_use", "input_json_delta")
                        or ("thinking", "signature_delta") || (kind == "thinking" && type == "thinking_delta" && signatures == 0);
                    if (!fits)
                    {
                        return $"{type} in a {kind} block";
                    }

                    if (type == "text_delta" && delta.GetProperty("text").GetString() is null or "")
                    {
                        return "an empty text_delta";
                    }

                    break;
                case "content_block_stop" when open == root.GetProperty("index").GetInt32():
                    if (kind == "thinking" && signatures != 1)
                    {
                        return $"{signatures} signatures in a thinking block";
                    }

                    open = -1;
                    break;
                case "message_delta" when state == "in message" && open < 0:
                    state = "after message_delta";
                    if (!StopReasons.Contains(root.GetProperty("delta").GetProperty("stop_reason").GetString()))
                    {
                        return "an illegal stop_reason";
                    }

                    break;
                case "message_stop" when state == "after message_delta":
                    state = "over";
                    break;
                default:
                    return $"{name} {state}, block {open} open";
            }
        }

        return state == "over" ? "" : $"ends {state}";
    }
}
