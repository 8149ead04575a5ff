using Engine.Wire.Completion.Request;

namespace Engine.Wire.Anthropic;

/// <summary>Reads <c>messages</c> (wire/anthropic-messages.md §3).</summary>
internal static class AnthropicTurnReader
{
    /// <summary>The conversation.</summary>
    /// <exception cref="RequestRejectedException">A message is malformed, or there is none.</exception>
    public static IReadOnlyList<Turn> Read(AnthropicNode root)
    {
        var messages = root.Require("messages");
        Turn[] turns = [.. messages.Items().Select(static message => ReadTurn(message.Object()))];
        return turns.Length > 0 ? turns : throw messages.Reject("at least one message is required");
    }

    /// <summary>A text block.</summary>
    public static TextPart ReadText(AnthropicNode block) =>
        new(block.Require("text").Text()) { CacheControl = block.SliceOf("cache_control") };

    private static Turn ReadTurn(AnthropicNode message)
    {
        var role = message.Require("role");
        var content = message.Require("content");
        IReadOnlyList<Part> parts = content.IsText
            ? [new TextPart(content.Text())]
            : [.. content.Items().SelectMany(AnthropicPartReader.Read)];
        return new Turn(RoleOf(role), parts) { Path = message.Path };
    }

    private static TurnRole RoleOf(AnthropicNode role) => role.String() switch
    {
        "user" => TurnRole.User,
        "assistant" => TurnRole.Assistant,
        "system" => TurnRole.System,
        _ => throw role.Reject("Input should be 'user', 'assistant' or 'system'"),
    };
}
