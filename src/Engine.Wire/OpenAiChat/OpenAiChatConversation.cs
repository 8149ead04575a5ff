using Engine.Wire.Dialects;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Where a request says to which conversation it belongs (wire/openai-chat.md §2). <c>user</c> is no such place: one user has many.
/// </summary>
internal static class OpenAiChatConversation
{
    /// <summary>The dialect's fields.</summary>
    public static readonly ConversationFields Fields = new()
    {
        Ids =
        [
            new ConversationIdField("prompt_cache_key"),
            new ConversationIdField("session_id"),
            new ConversationIdField("conversation_id"),
            new ConversationIdField("metadata", "session_id"),
            new ConversationIdField("conversation", "id"),
        ],
        Tools = ["tools"u8.ToArray(), "functions"u8.ToArray()],
        Turns = "messages"u8.ToArray(),
        Content = "content"u8.ToArray(),
    };
}
