using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Reads what an answer rests on: <c>groundingMetadata</c> and <c>citationMetadata</c> (wire/gemini.md §5).</summary>
internal static class GeminiSources
{
    /// <summary>One citation per support and source.</summary>
    public static void ReadGrounding(RawJson metadata, GeminiCandidate candidate, ICompletionSink sink)
    {
        if (metadata.IsEmpty || candidate.LastText is null)
        {
            return;
        }

        RawJson chunks = default, supports = default;
        var cursor = new JsonCursor(metadata.Utf8);
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (cursor.NameIs("groundingChunks"u8) || cursor.NameIs("grounding_chunks"u8))
            {
                chunks = cursor.ReadRaw();
            }
            else if (cursor.NameIs("groundingSupports"u8) || cursor.NameIs("grounding_supports"u8))
            {
                supports = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (chunks.IsEmpty || supports.IsEmpty)
        {
            return;
        }

        var support = new JsonCursor(supports.Utf8);
        for (var inside = support.EnterArray(); inside && support.NextElement();)
        {
            ReadSupport(ref support, chunks, candidate, sink);
        }
    }

    /// <summary>One citation per entry of <c>citations</c> (older: <c>citationSources</c>) that has an address.</summary>
    public static void ReadCitations(RawJson metadata, GeminiCandidate candidate, ICompletionSink sink)
    {
        if (metadata.IsEmpty || candidate.LastText is null)
        {
            return;
        }

        var cursor = new JsonCursor(metadata.Utf8);
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            var known = cursor.NameIs("citations"u8) || cursor.NameIs("citationSources"u8) || cursor.NameIs("citation_sources"u8);
            if (!known)
            {
                cursor.SkipValue();
                continue;
            }

            for (var among = cursor.EnterArray(); among && cursor.NextElement();)
            {
                ReadCitation(ref cursor, candidate, sink);
            }
        }
    }

    private static void ReadSupport(scoped ref JsonCursor cursor, RawJson chunks, GeminiCandidate candidate, ICompletionSink sink)
    {
        EscapedText cited = default;
        RawJson indices = default;
        long start = 0, end = -1;
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (cursor.NameIs("segment"u8))
            {
                ReadSegment(ref cursor, out start, out end, out cited);
            }
            else if (cursor.NameIs("groundingChunkIndices"u8) || cursor.NameIs("grounding_chunk_indices"u8))
            {
                indices = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (indices.IsEmpty)
        {
            return;
        }

        var index = new JsonCursor(indices.Utf8);
        for (var inside = index.EnterArray(); inside && index.NextElement();)
        {
            if (TryFindChunk(chunks, index.ReadInteger(-1), out var url, out var title))
            {
                Cite(candidate, sink, url, title, cited, start, end);
            }
        }
    }

    private static void ReadSegment(scoped ref JsonCursor cursor, out long start, out long end, out EscapedText text)
    {
        start = 0;
        end = -1;
        text = default;
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (cursor.NameIs("startIndex"u8) || cursor.NameIs("start_index"u8))
            {
                start = cursor.ReadInteger();
            }
            else if (cursor.NameIs("endIndex"u8) || cursor.NameIs("end_index"u8))
            {
                end = cursor.ReadInteger(-1);
            }
            else if (cursor.NameIs("text"u8))
            {
                text = cursor.ReadText();
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    private static bool TryFindChunk(RawJson chunks, long wanted, out EscapedText url, out EscapedText title)
    {
        EscapedText address = default, name = default;
        var cursor = new JsonCursor(chunks.Utf8);
        long at = 0;
        for (var inside = cursor.EnterArray(); inside && cursor.NextElement(); at++)
        {
            if (at != wanted)
            {
                cursor.SkipValue();
                continue;
            }

            // web, retrievedContext, maps: the kind of source does not matter here.
            for (var among = cursor.EnterObject(); among && cursor.NextProperty();)
            {
                ReadSource(ref cursor, ref address, ref name);
            }
        }

        url = address;
        title = name;
        return !url.IsEmpty;
    }

    private static void ReadSource(scoped ref JsonCursor cursor, scoped ref EscapedText url, scoped ref EscapedText title)
    {
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (cursor.NameIs("uri"u8))
            {
                url = cursor.ReadText();
            }
            else if (cursor.NameIs("title"u8))
            {
                title = cursor.ReadText();
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    private static void ReadCitation(scoped ref JsonCursor cursor, GeminiCandidate candidate, ICompletionSink sink)
    {
        EscapedText url = default, title = default;
        long start = 0, end = -1;
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (cursor.NameIs("uri"u8))
            {
                url = cursor.ReadText();
            }
            else if (cursor.NameIs("title"u8))
            {
                title = cursor.ReadText();
            }
            else if (cursor.NameIs("startIndex"u8) || cursor.NameIs("start_index"u8))
            {
                start = cursor.ReadInteger();
            }
            else if (cursor.NameIs("endIndex"u8) || cursor.NameIs("end_index"u8))
            {
                end = cursor.ReadInteger(-1);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (!url.IsEmpty)
        {
            Cite(candidate, sink, url, title, default, start, end);
        }
    }

    private static void Cite(
        GeminiCandidate candidate, ICompletionSink sink, EscapedText url, EscapedText title, EscapedText cited, long start, long end)
    {
        var placed = candidate.OffsetsAreCharacters && start >= 0 && end > start && end <= int.MaxValue;
        sink.Cite(candidate.LastText!.Value, new Citation
        {
            Url = url,
            Title = title,
            CitedText = cited,
            Start = placed ? (int)start : -1,
            End = placed ? (int)end : -1,
        });
    }
}
