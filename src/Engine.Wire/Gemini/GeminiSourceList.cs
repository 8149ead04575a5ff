using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Collects the sources of a candidate's text and writes them as <c>groundingMetadata</c> (wire/gemini.md §5). Gemini counts
/// bytes of the whole text, citations count characters of their block: they are placed only where both are the same.
/// </summary>
internal sealed class GeminiSourceList
{
    // More than any answer has; the rest would only be decoration.
    private const int Most = 1024;

    private readonly List<Source> _sources = [];
    private BlockKey? _block;
    private bool _samePlaces = true;

    /// <summary>Notes text that was written.</summary>
    public void SawText(BlockKey key, EscapedText delta)
    {
        if (_samePlaces)
        {
            _samePlaces = (_block is null || _block == key) && Ascii.IsValid(delta.Content) && delta.Content.IndexOf("\\u"u8) < 0;
            _block = key;
        }
    }

    /// <summary>Adds a source.</summary>
    public void Add(in Citation citation)
    {
        if (_sources.Count < Most)
        {
            _sources.Add(new Source(
                citation.Url.Content.ToArray(),
                citation.Title.Content.ToArray(),
                citation.CitedText.Content.ToArray(),
                citation.Start,
                citation.End));
        }
    }

    /// <summary>Writes the property, or nothing.</summary>
    public void Write(JsonEmitter emitter)
    {
        if (_sources.Count == 0)
        {
            return;
        }

        emitter.ObjectStart("groundingMetadata"u8);
        emitter.ArrayStart("groundingChunks"u8);
        foreach (var source in _sources)
        {
            emitter.ObjectStart();
            emitter.ObjectStart("web"u8);
            emitter.Text("uri"u8, EscapedText.FromContent(source.Url));
            emitter.Text("title"u8, EscapedText.FromContent(source.Title));
            emitter.ObjectEnd();
            emitter.ObjectEnd();
        }

        emitter.ArrayEnd();
        emitter.ArrayStart("groundingSupports"u8);
        for (var i = 0; i < _sources.Count; i++)
        {
            WriteSupport(emitter, _sources[i], i);
        }

        emitter.ArrayEnd();
        emitter.ObjectEnd();
    }

    private void WriteSupport(JsonEmitter emitter, Source source, int index)
    {
        emitter.ObjectStart();
        emitter.ObjectStart("segment"u8);
        if (_samePlaces && source.Start >= 0 && source.End > source.Start)
        {
            emitter.Number("startIndex"u8, source.Start);
            emitter.Number("endIndex"u8, source.End);
        }

        if (source.Cited.Length > 0)
        {
            emitter.Text("text"u8, EscapedText.FromContent(source.Cited));
        }

        emitter.ObjectEnd();
        emitter.ArrayStart("groundingChunkIndices"u8);
        emitter.Number(index);
        emitter.ArrayEnd();
        emitter.ObjectEnd();
    }

    private sealed record Source(byte[] Url, byte[] Title, byte[] Cited, int Start, int End);
}
