using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Writes a Chat Completions stream (wire/openai-chat.md §6, wire/mapping.md §8): a role chunk and one finish chunk per candidate,
/// the usage chunk only when asked for, <c>[DONE]</c> after success only. The finish waits for the end, so that an answer that
/// breaks off after it is an error and never a stop. Text, reasoning and tool arguments take pre-encoded frames.
/// </summary>
public sealed class OpenAiChatEventWriter : ICompletionWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly AnswerContext _context;
    private readonly JsonEmitter _emitter;
    private readonly List<OpenAiChatWrittenCandidate> _candidates = [];
    private OpenAiChatFrames? _frames;
    private TokenUsage _usage = TokenUsage.Unknown;
    private bool _closed;

    // A signature whose block is not known yet: a call's comes directly before the call.
    private byte[] _heldSignature = [];
    private SignatureFamily _heldFamily;
    private BlockKey _heldKey;

    /// <summary>Writes into <paramref name="output"/>, which the caller flushes.</summary>
    public OpenAiChatEventWriter(IBufferWriter<byte> output, AnswerContext context)
    {
        _output = output;
        _context = context;
        _emitter = new JsonEmitter(output);
    }

    private bool ShowsText => _context.Reasoning is ReasoningShow.Default or ReasoningShow.Shown;

    private bool ShowsSignatures => _context.Reasoning != ReasoningShow.Hidden;

    private OpenAiChatFrames Frames => _frames ??= new OpenAiChatFrames(default, _context);

    /// <inheritdoc/>
    public void Start(EscapedText id, EscapedText model)
    {
        _frames = new OpenAiChatFrames(id, _context);
        Candidate(0);
    }

    /// <inheritdoc/>
    public void Text(BlockKey key, EscapedText delta)
    {
        var candidate = Content(key);
        candidate.LastText = key;
        candidate.Text.Write(_output, delta);
    }

    /// <inheritdoc/>
    public void Reasoning(BlockKey key, EscapedText delta)
    {
        var candidate = Content(key);
        candidate.LastReasoning = key;
        if (ShowsText)
        {
            candidate.Reasoning.Write(_output, delta);
        }
    }

    /// <inheritdoc/>
    public void Signature(BlockKey key, SignatureFamily family, EscapedText blob)
    {
        var candidate = Content(key);
        if (blob.IsEmpty)
        {
            return;
        }

        if (candidate.LastReasoning == key)
        {
            WriteReasoningSignature(candidate, family, blob);
        }
        else if (candidate.LastText == key && family == SignatureFamily.Gemini)
        {
            Frames.BeginDelta(_output, _emitter, candidate.Index);
            OpenAiChatBodyWriter.WriteThoughtSignature(_emitter, blob);
            Frames.EndDelta(_output, _emitter);
        }
        else
        {
            _heldSignature = blob.Content.ToArray();
            _heldFamily = family;
            _heldKey = key;
        }
    }

    /// <inheritdoc/>
    public void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data)
    {
        var candidate = Content(key);
        if (ShowsSignatures)
        {
            BeginDetail(candidate);
            OpenAiChatReasoningDetails.WriteEncrypted(_emitter, family, data, candidate.NextDetail++);
            EndDetail();
        }
    }

    /// <inheritdoc/>
    public void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        var signature = _heldKey == key && _heldFamily == SignatureFamily.Gemini ? _heldSignature : [];
        _heldSignature = signature.Length > 0 ? [] : _heldSignature;
        var candidate = Content(key);
        var isFreeform = OpenAiChatFreeform.Holds(_context, name);
        var tool = candidate.AddTool(key, isFreeform);
        Frames.BeginDelta(_output, _emitter, candidate.Index);
        _emitter.ArrayStart("tool_calls"u8);
        _emitter.ObjectStart();
        _emitter.Number("index"u8, tool.Index);
        _emitter.Text("id"u8, id);
        _emitter.Literal("type"u8, isFreeform ? "custom"u8 : "function"u8);
        _emitter.ObjectStart(isFreeform ? "custom"u8 : "function"u8);
        _emitter.Text("name"u8, name);
        _emitter.Literal(isFreeform ? "input"u8 : "arguments"u8, default);
        _emitter.ObjectEnd();
        if (signature.Length > 0)
        {
            OpenAiChatBodyWriter.WriteThoughtSignature(_emitter, EscapedText.FromContent(signature));
        }

        _emitter.ObjectEnd();
        _emitter.ArrayEnd();
        Frames.EndDelta(_output, _emitter);
    }

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, EscapedText fragment)
    {
        if (!fragment.IsEmpty && Content(key).Tool(key) is { } tool)
        {
            tool.HasArguments = true;
            if (tool.FreeformInput is { } input)
            {
                input.Add(fragment);
            }
            else
            {
                tool.Arguments.Write(_output, fragment);
            }
        }
    }

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, RawJson whole)
    {
        var candidate = Content(key);
        if (candidate.Tool(key) is not { } tool)
        {
            return;
        }

        tool.HasArguments = true;
        if (tool.FreeformInput is { } input)
        {
            input.Add(whole);
            return;
        }

        BeginCall(candidate, tool, "function"u8);
        _emitter.Name("arguments"u8);
        _emitter.TextStart();
        _emitter.TextPiece(whole);
        _emitter.TextEnd();
        EndCall();
    }

    /// <inheritdoc/>
    public void ToolEnd(BlockKey key)
    {
        var candidate = Content(key);
        var tool = candidate.Tool(key);
        if (tool is { FreeformInput: { } input, HasArguments: true })
        {
            BeginCall(candidate, tool, "custom"u8);
            input.Write(_emitter);
            EndCall();
        }
        else if (tool is { FreeformInput: null, HasArguments: false })
        {
            // A call without parameters: clients parse the string, so it must hold an object (wire/pitfalls.md 25).
            tool.HasArguments = true;
            tool.Arguments.Write(_output, EscapedText.FromContent("{}"u8));
        }
    }

    /// <inheritdoc/>
    public void Cite(BlockKey key, in Citation citation)
    {
        var candidate = Content(key);
        if (citation.Url.IsEmpty)
        {
            return;
        }

        Frames.BeginDelta(_output, _emitter, candidate.Index);
        _emitter.ArrayStart("annotations"u8);
        OpenAiChatCitations.Write(_emitter, citation);
        _emitter.ArrayEnd();
        Frames.EndDelta(_output, _emitter);
    }

    /// <inheritdoc/>
    public void Refusal(BlockKey key, EscapedText delta) => Content(key).Refusal.Write(_output, delta);

    /// <inheritdoc/>
    public void Media(BlockKey key, EscapedText mimeType, EscapedText base64)
    {
        var candidate = Content(key);
        Frames.BeginDelta(_output, _emitter, candidate.Index);
        _emitter.ArrayStart("images"u8);
        OpenAiChatMedia.Write(_emitter, mimeType, base64);
        _emitter.ArrayEnd();
        Frames.EndDelta(_output, _emitter);
    }

    /// <inheritdoc/>
    public void Usage(in TokenUsage usage) => _usage = _usage.OverwrittenBy(usage);

    /// <inheritdoc/>
    public void Finish(in FinishEvent finish)
    {
        FlushHeld();
        var candidate = Candidate(finish.Candidate);
        var reason = FinishPrecedence.Resolve(finish.Reason, candidate.ToolCount > 0);
        if (candidate.Finish is not null || _closed)
        {
            return;
        }

        if (reason == FinishReason.Other && !candidate.HasContent)
        {
            Error(new UpstreamError(ErrorKind.UpstreamFault, "The upstream stopped without an answer and without a reason."));
            return;
        }

        if (reason == FinishReason.ContentFilter && !finish.Explanation.IsEmpty)
        {
            candidate.Refusal.Write(_output, finish.Explanation);
        }
        else if (reason == FinishReason.MalformedCall)
        {
            candidate.Text.Write(_output, EscapedText.FromContent(OpenAiChatBodyWriter.MalformedCallText));
        }

        candidate.Finish = reason;
    }

    /// <inheritdoc/>
    public void End()
    {
        foreach (var candidate in _candidates)
        {
            if (candidate.Finish is null)
            {
                Finish(new FinishEvent { Candidate = candidate.Index, Reason = FinishReason.Other });
            }
        }

        if (_closed)
        {
            return;
        }

        _closed = true;
        foreach (var candidate in _candidates)
        {
            Frames.BeginDelta(_output, _emitter, candidate.Index);
            Frames.EndDelta(_output, _emitter, OpenAiChatFinishReasons.Write(candidate.Finish ?? FinishReason.Other));
        }

        if (_context.IncludeUsage)
        {
            Frames.WriteUsage(_output, _emitter, _usage);
        }

        _output.Write("data: [DONE]\n\n"u8);
    }

    /// <inheritdoc/>
    public void Error(UpstreamError error)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _output.Write("data: "u8);
        OpenAiChatErrorWriter.Write(error, _output);
        _output.Write("\n\n"u8);
    }

    /// <inheritdoc/>
    public void Heartbeat() => _output.Write(": ping\n"u8);

    private OpenAiChatWrittenCandidate Content(BlockKey key)
    {
        FlushHeld();
        var candidate = Candidate(key.Candidate);
        candidate.HasContent = true;
        return candidate;
    }

    // Every candidate opens with its role, exactly once (wire/pitfalls.md 35).
    private OpenAiChatWrittenCandidate Candidate(int index)
    {
        foreach (var known in _candidates)
        {
            if (known.Index == index)
            {
                return known;
            }
        }

        var candidate = new OpenAiChatWrittenCandidate(index, Frames);
        _candidates.Add(candidate);
        Frames.BeginDelta(_output, _emitter, index);
        _emitter.Literal("role"u8, "assistant"u8);
        _emitter.Literal("content"u8, default);
        Frames.EndDelta(_output, _emitter);
        return candidate;
    }

    private void FlushHeld()
    {
        if (_heldSignature.Length == 0)
        {
            return;
        }

        var blob = _heldSignature;
        _heldSignature = [];
        var candidate = Candidate(_heldKey.Candidate);
        candidate.LastReasoning = _heldKey;
        WriteReasoningSignature(candidate, _heldFamily, EscapedText.FromContent(blob));
    }

    private void WriteReasoningSignature(OpenAiChatWrittenCandidate candidate, SignatureFamily family, EscapedText blob)
    {
        if (ShowsSignatures)
        {
            BeginDetail(candidate);
            OpenAiChatReasoningDetails.WriteSigned(_emitter, family, default, blob, candidate.NextDetail++);
            EndDetail();
        }
    }

    private void BeginCall(OpenAiChatWrittenCandidate candidate, OpenAiChatWrittenTool tool, ReadOnlySpan<byte> kind)
    {
        Frames.BeginDelta(_output, _emitter, candidate.Index);
        _emitter.ArrayStart("tool_calls"u8);
        _emitter.ObjectStart();
        _emitter.Number("index"u8, tool.Index);
        _emitter.ObjectStart(kind);
    }

    private void EndCall()
    {
        _emitter.ObjectEnd();
        _emitter.ObjectEnd();
        _emitter.ArrayEnd();
        Frames.EndDelta(_output, _emitter);
    }

    private void BeginDetail(OpenAiChatWrittenCandidate candidate)
    {
        Frames.BeginDelta(_output, _emitter, candidate.Index);
        _emitter.ArrayStart("reasoning_details"u8);
    }

    private void EndDetail()
    {
        _emitter.ArrayEnd();
        Frames.EndDelta(_output, _emitter);
    }
}
