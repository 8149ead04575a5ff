using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Where a request says to which conversation it belongs (wire/anthropic-messages.md §2: <c>metadata.user_id</c>).</summary>
internal static class AnthropicConversation
{
    /// <summary>The dialect's fields.</summary>
    public static readonly ConversationFields Fields = new()
    {
        Ids = [new ConversationIdField("metadata", "user_id") { Part = SessionOf }],
        System = ["system"u8.ToArray()],
        Tools = ["tools"u8.ToArray()],
        Turns = "messages"u8.ToArray(),
        Content = "content"u8.ToArray(),
    };

    // The session_id of JSON packed into the string, or what follows _session_. An id that holds neither names a user, not a
    // conversation: a whole fleet may send the same one, and must not end up on one account.
    private static EscapedText SessionOf(EscapedText userId)
    {
        var content = userId.Content;
        var session = content.StartsWith("{"u8) ? PackedSessionOf(content) : MarkedSessionOf(content);
        return EscapedText.FromContent(session);
    }

    private static ReadOnlySpan<byte> MarkedSessionOf(ReadOnlySpan<byte> content)
    {
        var marker = "_session_"u8;
        var start = content.LastIndexOf(marker);
        return start < 0 ? default : content[(start + marker.Length)..];
    }

    // Every quote of the packed JSON is escaped. An id that holds an escape itself is none.
    private static ReadOnlySpan<byte> PackedSessionOf(ReadOnlySpan<byte> content)
    {
        var quote = "\\\""u8;
        var name = "\\\"session_id\\\""u8;
        var start = content.IndexOf(name);
        if (start < 0)
        {
            return default;
        }

        var value = content[(start + name.Length)..].TrimStart(": "u8);
        if (!value.StartsWith(quote))
        {
            return default;
        }

        value = value[quote.Length..];
        var end = value.IndexOf((byte)'\\');
        return end > 0 && value[end..].StartsWith(quote) ? value[..end] : default;
    }
}
