using Engine.Wire.Completion.Request;

namespace Engine.Wire.OpenAiChat;

/// <summary>Whether any message says "json": <c>json_object</c> is refused otherwise (wire/openai-chat.md §2).</summary>
internal static class OpenAiChatJsonMention
{
    public static bool IsIn(CompletionRequest request) =>
        request.System.Any(static text => Says(text)) || request.Turns.Any(static turn => turn.Parts.Any(Says));

    private static bool Says(Part part) => part switch
    {
        TextPart text => Says(text.Text.Content.Span),
        ToolResultPart result => result.Content.Any(Says),
        _ => false,
    };

    private static bool Says(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var at = text.IndexOfAny("jJ"u8);
            if (at < 0 || text.Length - at < 4)
            {
                return false;
            }

            if (System.Text.Ascii.EqualsIgnoreCase(text.Slice(at, 4), "json"u8))
            {
                return true;
            }

            text = text[(at + 1)..];
        }
    }
}
