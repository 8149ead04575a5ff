using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Writes content blocks as the elements of a whole message's <c>content</c>. Texts come in one or more pieces, sources after
/// them.
/// </summary>
internal sealed class AnthropicBlockArray(JsonEmitter emitter, AnswerContext context, bool isCutOff) : IBlockSink, IDisposable
{
    private readonly PooledBytes _arguments = new();
    private BlockKind _kind;
    private byte[] _callId = [];
    private byte[] _callName = [];
    private byte[]? _signature;
    private bool _hasCitations;
    private bool _argumentsAreWhole;

    /// <summary>Calls whose arguments are an object.</summary>
    public int Calls { get; private set; }

    /// <inheritdoc/>
    public void Open(BlockKind kind, EscapedText id, EscapedText name)
    {
        _kind = kind;
        _signature = null;
        _hasCitations = _argumentsAreWhole = false;
        switch (kind)
        {
            case BlockKind.ToolCall:
                // Written when its arguments are known to be an object.
                _arguments.Clear();
                _callId = id.Content.ToArray();
                _callName = name.Content.ToArray();
                break;
            case BlockKind.RedactedReasoning:
                break;
            case BlockKind.Reasoning:
                StartPieces("thinking"u8, "thinking"u8);
                break;
            default:
                StartPieces("text"u8, "text"u8);
                break;
        }
    }

    /// <inheritdoc/>
    public void Delta(EscapedText delta)
    {
        if (_kind == BlockKind.ToolCall)
        {
            delta.Content.CopyTo(_arguments.GetSpan(delta.Content.Length));
            _arguments.Advance(delta.Content.Length);
        }
        else if (_kind != BlockKind.RedactedReasoning)
        {
            emitter.TextPiece(delta);
        }
    }

    /// <inheritdoc/>
    public void Arguments(RawJson whole)
    {
        _argumentsAreWhole = true;
        Delta(EscapedText.FromContent(whole.Utf8));
    }

    /// <inheritdoc/>
    public void Cite(in Citation citation)
    {
        if (!_hasCitations)
        {
            _hasCitations = true;
            emitter.TextEnd();
            emitter.ArrayStart("citations"u8);
        }

        AnthropicCitations.Write(emitter, citation);
    }

    /// <inheritdoc/>
    public void Sign(SignatureFamily family, EscapedText blob) =>
        _signature = AnthropicSignatures.Encode(family, context.UpstreamModel, blob);

    /// <inheritdoc/>
    public void Close()
    {
        switch (_kind)
        {
            case BlockKind.ToolCall:
                WriteCall();
                return;
            case BlockKind.RedactedReasoning:
                emitter.ObjectStart();
                emitter.Literal("type"u8, "redacted_thinking"u8);
                emitter.Text("data"u8, EscapedText.FromContent(_signature));
                break;
            case BlockKind.Reasoning:
                emitter.TextEnd();
                emitter.Text("signature"u8, EscapedText.FromContent(_signature ?? AnthropicSignatures.Unsigned(context.UpstreamModel)));
                break;
            case BlockKind.Text when _hasCitations:
                emitter.ArrayEnd();
                break;
            default:
                emitter.TextEnd();
                emitter.Null("citations"u8);
                break;
        }

        emitter.ObjectEnd();
    }

    /// <inheritdoc/>
    public void Dispose() => _arguments.Dispose();

    private void StartPieces(ReadOnlySpan<byte> type, ReadOnlySpan<byte> field)
    {
        emitter.ObjectStart();
        emitter.Literal("type"u8, type);
        emitter.Name(field);
        emitter.TextStart();
    }

    private void WriteCall()
    {
        if (!isCutOff && !ArgumentsAreObject())
        {
            // A call with garbage for arguments must not run with none; the model is asked again instead.
            StartPieces("text"u8, "text"u8);
            emitter.TextPiece(EscapedText.FromContent(AnthropicFinishReasons.MalformedCallText));
            emitter.TextEnd();
            emitter.Null("citations"u8);
            emitter.ObjectEnd();
            return;
        }

        Calls++;
        emitter.ObjectStart();
        emitter.Literal("type"u8, "tool_use"u8);
        emitter.Text("id"u8, EscapedText.FromContent(_callId));
        emitter.Text("name"u8, EscapedText.FromContent(_callName));
        emitter.Name("input"u8);
        var arguments = _argumentsAreWhole
            ? ToolArguments.FromObject(JsonSlice.FromUtf8(_arguments.Memory))
            : ToolArguments.FromText(EscapedSlice.FromContent(_arguments.Memory));
        arguments.WriteAsObject(emitter);
        emitter.ObjectEnd();
    }

    private bool ArgumentsAreObject()
    {
        if (_argumentsAreWhole || _arguments.Length == 0)
        {
            return _arguments.Length == 0 || JsonValidity.IsObject(_arguments.Span);
        }

        using var unescaped = new PooledBytes();
        try
        {
            unescaped.Advance(JsonStrings.Unescape(_arguments.Span, unescaped.GetSpan(_arguments.Length)));
            return JsonValidity.IsObject(unescaped.Span);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
