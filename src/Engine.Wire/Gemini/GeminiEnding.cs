using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>How one candidate of an answer ends.</summary>
internal sealed class GeminiEnding(int candidate)
{
    private FinishReason _reported = FinishReason.Other;
    private byte[] _message = [];
    private byte[]? _malformed;

    /// <summary>Its index.</summary>
    public int Candidate { get; } = candidate;

    /// <summary>True once a call was written.</summary>
    public bool CallsSeen { get; set; }

    /// <summary>The sources of its text.</summary>
    public GeminiSourceList Sources { get; } = new();

    /// <summary>The reason to write: a call that cannot be parsed overrides all but a cut and a block (wire/mapping.md §5.2).</summary>
    public FinishReason Reason
    {
        get
        {
            var reason = FinishPrecedence.Resolve(_reported, CallsSeen);
            var cut = reason is FinishReason.Length or FinishReason.ContextFull or FinishReason.ContentFilter;
            return _malformed is not null && !cut ? FinishReason.MalformedCall : reason;
        }
    }

    /// <summary>What is said about it, escaped; empty for nothing.</summary>
    public ReadOnlySpan<byte> Message => Reason == FinishReason.MalformedCall && _message.Length == 0 ? _malformed : _message;

    /// <summary>Notes the finish the upstream reported.</summary>
    public void Finish(FinishReason reason, ReadOnlySpan<byte> explanation)
    {
        _reported = reason;
        _message = explanation.ToArray();
    }

    /// <summary>Notes a call whose arguments are not an object. It cannot be written.</summary>
    public void Malformed(EscapedText name) => _malformed ??= [.. "Malformed function call: "u8, .. name.Content];
}
