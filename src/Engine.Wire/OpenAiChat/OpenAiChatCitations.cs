using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary><c>annotations</c> of type <c>url_citation</c> (wire/openai-chat.md §5, wire/mapping.md §5.5).</summary>
internal static class OpenAiChatCitations
{
    /// <summary>Reads one annotation; false when it is not a citation of an address. The spans belong to the cursor's bytes.</summary>
    public static bool TryRead(ref JsonCursor cursor, out Citation citation)
    {
        EscapedText url = default, title = default, content = default;
        int start = -1, end = -1;
        if (cursor.EnterObject())
        {
            while (cursor.NextProperty())
            {
                if (!cursor.NameIs("url_citation"u8))
                {
                    cursor.SkipValue();
                }
                else if (cursor.EnterObject())
                {
                    while (cursor.NextProperty())
                    {
                        if (cursor.NameIs("url"u8))
                        {
                            url = cursor.ReadText();
                        }
                        else if (cursor.NameIs("title"u8))
                        {
                            title = cursor.ReadText();
                        }
                        else if (cursor.NameIs("content"u8))
                        {
                            content = cursor.ReadText();
                        }
                        else if (cursor.NameIs("start_index"u8))
                        {
                            start = Position(ref cursor);
                        }
                        else if (cursor.NameIs("end_index"u8))
                        {
                            end = Position(ref cursor);
                        }
                        else
                        {
                            cursor.SkipValue();
                        }
                    }
                }
            }
        }

        citation = new Citation { Url = url, Title = title, CitedText = content, Start = start, End = end };
        return !url.IsEmpty;
    }

    /// <summary>Writes one annotation; unknown positions are 0, since typed clients require numbers.</summary>
    public static void Write(JsonEmitter emitter, in Citation citation)
    {
        emitter.ObjectStart();
        emitter.Literal("type"u8, "url_citation"u8);
        emitter.ObjectStart("url_citation"u8);
        emitter.Text("url"u8, citation.Url);
        emitter.Text("title"u8, citation.Title);
        emitter.Number("start_index"u8, Math.Max(citation.Start, 0));
        emitter.Number("end_index"u8, Math.Max(citation.End, 0));
        if (!citation.CitedText.IsEmpty)
        {
            emitter.Text("content"u8, citation.CitedText);
        }

        emitter.ObjectEnd();
        emitter.ObjectEnd();
    }

    private static int Position(ref JsonCursor cursor) => (int)Math.Clamp(cursor.ReadInteger(-1), -1, int.MaxValue);
}
