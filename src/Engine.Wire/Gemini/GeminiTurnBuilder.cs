using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Gathers the parts of one turn. SDKs keep a streamed answer as it came, one content or part per chunk (wire/clients.md), so
/// neighbouring unsigned texts of the model become one text again, and thoughts one reasoning part, closed by the carrier that
/// follows them. A part with a signature of Gemini's own is never merged (wire/gemini.md §4).
/// </summary>
internal sealed class GeminiTurnBuilder(TurnRole role, string path)
{
    private readonly List<Part> _parts = [];
    private readonly List<EscapedSlice> _run = [];
    private bool _runIsReasoning;

    /// <summary>Who speaks.</summary>
    public TurnRole Role { get; } = role;

    /// <summary>Adds a part.</summary>
    public void Add(Part part)
    {
        switch (part)
        {
            case TextPart { Signature: null } text when Role == TurnRole.Assistant:
                Extend(text.Text, isReasoning: false);
                break;
            case ReasoningPart { Signature: null } reasoning:
                Extend(reasoning.Text, isReasoning: true);
                break;
            case ReasoningPart { Signature: { Family: not SignatureFamily.Gemini } carried } reasoning:
                Extend(reasoning.Text, isReasoning: true);
                Flush(carried);
                break;
            default:
                Flush();
                _parts.Add(part);
                break;
        }
    }

    /// <summary>The turn.</summary>
    public Turn Build()
    {
        Flush();
        return new Turn(Role, _parts) { Path = path };
    }

    private void Extend(EscapedSlice text, bool isReasoning)
    {
        if (_runIsReasoning != isReasoning)
        {
            Flush();
        }

        _runIsReasoning = isReasoning;
        _run.Add(text);
    }

    private void Flush(ReasoningSignature? signature = null)
    {
        if (_run.Count == 0)
        {
            return;
        }

        var text = _run.Count == 1 ? _run[0] : Join();
        _parts.Add(_runIsReasoning ? new ReasoningPart(text, signature) : new TextPart(text));
        _run.Clear();
    }

    private EscapedSlice Join()
    {
        var joined = new byte[_run.Sum(static piece => piece.Content.Length)];
        var at = 0;
        foreach (var piece in _run)
        {
            piece.Content.CopyTo(joined.AsMemory(at));
            at += piece.Content.Length;
        }

        return EscapedSlice.FromContent(joined);
    }
}
