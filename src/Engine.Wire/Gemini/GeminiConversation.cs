using Engine.Wire.Dialects;

namespace Engine.Wire.Gemini;

/// <summary>
/// Where a request says to which conversation it belongs. The API itself knows no such field (wire/gemini.md §1); some clients send one.
/// </summary>
internal static class GeminiConversation
{
    /// <summary>The dialect's fields.</summary>
    public static readonly ConversationFields Fields = new()
    {
        Ids = [new ConversationIdField("sessionId"), new ConversationIdField("session_id")],
        System = ["systemInstruction"u8.ToArray(), "system_instruction"u8.ToArray()],
        Tools = ["tools"u8.ToArray()],
        Turns = "contents"u8.ToArray(),
        Content = "parts"u8.ToArray(),
        RoleDefaultsToUser = true,
    };
}
