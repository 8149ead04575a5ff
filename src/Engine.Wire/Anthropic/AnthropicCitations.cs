using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Sources of a text (wire/mapping.md §5.5). Only those with an address mean anything to another dialect.</summary>
internal static class AnthropicCitations
{
    /// <summary>Reads one citation and pushes it when it names an address.</summary>
    public static void Read(RawJson citation, BlockKey key, ICompletionSink sink)
    {
        var cursor = new JsonCursor(citation.Utf8);
        if (!cursor.EnterObject())
        {
            return;
        }

        EscapedText url = default, title = default, citedText = default;
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
            else if (cursor.NameIs("cited_text"u8))
            {
                citedText = cursor.ReadText();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (!url.IsEmpty)
        {
            sink.Cite(key, new Citation { Url = url, Title = title, CitedText = citedText, Start = -1, End = -1 });
        }
    }

    /// <summary>Writes a web source. What we cannot encrypt stays empty: the citation is for showing, not for sending back.</summary>
    public static void Write(JsonEmitter emitter, in Citation citation)
    {
        emitter.ObjectStart();
        emitter.Literal("type"u8, "web_search_result_location"u8);
        emitter.Text("cited_text"u8, citation.CitedText);
        emitter.Text("url"u8, citation.Url);
        emitter.Text("title"u8, citation.Title);
        emitter.Literal("encrypted_index"u8, default);
        emitter.ObjectEnd();
    }
}
