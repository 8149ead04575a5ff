using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Writes a streamed answer (wire/gemini.md §6, wire/mapping.md §8): text at once, calls when they are complete, finish and usage
/// together at the end. A signature that stands before its block is held until the next event tells whether it is a call's.
/// </summary>
internal sealed class GeminiEventWriter(IBufferWriter<byte> output, AnswerContext context) : ICompletionWriter, IDisposable
{
    private readonly GeminiFrames _frames = new(output, context);
    private readonly JsonEmitter _emitter = new(output);
    private readonly ToolCallAssembler _calls = new();
    private readonly Dictionary<BlockKey, byte[]> _callSignatures = [];
    private readonly List<GeminiEnding> _endings = new(1);

    private TokenUsage _usage = TokenUsage.Unknown;
    private BlockKey _last = new(-1);
    private bool _lastIsReasoning;
    private (BlockKey Key, SignatureFamily Family, byte[] Blob)? _held;
    private bool _closed;

    /// <inheritdoc/>
    public void Start(EscapedText id, EscapedText model)
    {
        // Every frame names model and id; there is no opening one.
    }

    /// <inheritdoc/>
    public void Text(BlockKey key, EscapedText delta)
    {
        Enter(key, isReasoning: false);
        Ending(key).Sources.SawText(key, delta);
        _frames.Text(key.Candidate, delta);
    }

    /// <inheritdoc/>
    public void Reasoning(BlockKey key, EscapedText delta)
    {
        Enter(key, isReasoning: true);
        if (context.Reasoning == ReasoningShow.Shown)
        {
            _frames.Thought(key.Candidate, delta);
        }
    }

    /// <inheritdoc/>
    public void Signature(BlockKey key, SignatureFamily family, EscapedText blob)
    {
        Settle();
        if (key != _last)
        {
            _held = (key, family, blob.Content.ToArray());
        }
        else if (!_lastIsReasoning)
        {
            WriteSignature(key, GeminiSignatures.Write(family, blob, context.UpstreamModel), isThought: false);
        }
        else if (GeminiPartWriter.ShowsSignature(context.Reasoning, family, hasText: true))
        {
            WriteSignature(key, GeminiSignatures.Write(family, blob, context.UpstreamModel), isThought: true);
        }
    }

    /// <inheritdoc/>
    public void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data)
    {
        Enter(key, isReasoning: true);
        WriteSignature(key, GeminiSignatures.Write(family, data, context.UpstreamModel, redacted: true), isThought: true);
    }

    /// <inheritdoc/>
    public void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        if (_held is { } held && held.Key == key)
        {
            _callSignatures[key] = GeminiSignatures.Write(held.Family, EscapedText.FromContent(held.Blob), context.UpstreamModel);
            _held = null;
        }

        Enter(key, isReasoning: false);
        _calls.Start(key, id, name);
    }

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, EscapedText fragment) => _calls.Append(key, fragment);

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, RawJson whole) => _calls.Set(key, whole);

    /// <inheritdoc/>
    public void ToolEnd(BlockKey key)
    {
        if (!_calls.TryEnd(key, out var call))
        {
            return;
        }

        Settle();
        _callSignatures.Remove(key, out var signature);
        if (!call.IsValid)
        {
            Ending(key).Malformed(call.Name);
            return;
        }

        Ending(key).CallsSeen = true;
        OpenContent();
        GeminiPartWriter.Call(_emitter, call.Id, call.Name, call.Arguments, signature);
        CloseContent(key.Candidate);
    }

    /// <inheritdoc/>
    public void Cite(BlockKey key, in Citation citation) => Ending(key).Sources.Add(in citation);

    /// <inheritdoc/>
    public void Refusal(BlockKey key, EscapedText delta) => Text(key, delta);

    /// <inheritdoc/>
    public void Media(BlockKey key, EscapedText mimeType, EscapedText base64)
    {
        Enter(key, isReasoning: false);
        OpenContent();
        GeminiPartWriter.Media(_emitter, mimeType, base64, default);
        CloseContent(key.Candidate);
    }

    /// <inheritdoc/>
    public void Usage(in TokenUsage usage) => _usage = _usage.OverwrittenBy(usage);

    /// <inheritdoc/>
    public void Finish(in FinishEvent finish) =>
        Ending(new BlockKey(0, finish.Candidate)).Finish(finish.Reason, finish.Explanation.Content);

    /// <inheritdoc/>
    public void End()
    {
        if (_closed)
        {
            return;
        }

        Settle();
        if (_endings.Count == 0)
        {
            Ending(default);
        }

        _frames.Open();
        _emitter.Reset(output);
        _emitter.ObjectStart();
        _emitter.ArrayStart("candidates"u8);
        foreach (var ending in _endings)
        {
            _emitter.ObjectStart();
            GeminiPartWriter.Finish(_emitter, ending);
            ending.Sources.Write(_emitter);
            _emitter.Number("index"u8, ending.Candidate);
            _emitter.ObjectEnd();
        }

        _emitter.ArrayEnd();
        GeminiUsage.Write(_emitter, _usage);
        _frames.Identity(_emitter);
        _emitter.ObjectEnd();
        _frames.Close();
        Close();
    }

    /// <inheritdoc/>
    public void Error(UpstreamError error)
    {
        if (_closed)
        {
            return;
        }

        var blocked = error.Kind == ErrorKind.Policy && !_frames.Any;
        _frames.Open();
        _emitter.Reset(output);
        if (blocked)
        {
            GeminiErrorWriter.WriteBlock(_emitter, error.Message);
        }
        else
        {
            GeminiErrorWriter.WriteError(_emitter, error);
        }

        _frames.Close();
        Close();
    }

    /// <inheritdoc/>
    public void Heartbeat()
    {
        if (!_closed)
        {
            _frames.Heartbeat();
        }
    }

    /// <summary>Returns the memory of calls that never ended. The end or an error does so too.</summary>
    public void Dispose() => _calls.Dispose();

    private void Enter(BlockKey key, bool isReasoning)
    {
        Settle();
        _last = key;
        _lastIsReasoning = isReasoning;
    }

    // The held signature was no call's: it stands alone.
    private void Settle()
    {
        if (_held is { } held)
        {
            _held = null;
            var blob = GeminiSignatures.Write(held.Family, EscapedText.FromContent(held.Blob), context.UpstreamModel);
            WriteSignature(held.Key, blob, GeminiPartWriter.MarksSignature(held.Family));
        }
    }

    private void WriteSignature(BlockKey key, byte[] signature, bool isThought)
    {
        OpenContent();
        GeminiPartWriter.Text(_emitter, default, isThought, signature);
        CloseContent(key.Candidate);
    }

    private void OpenContent()
    {
        _frames.Open();
        _emitter.Reset(output);
        _emitter.ObjectStart();
        _emitter.ArrayStart("candidates"u8);
        _emitter.ObjectStart();
        _emitter.ObjectStart("content"u8);
        _emitter.Literal("role"u8, "model"u8);
        _emitter.ArrayStart("parts"u8);
    }

    private void CloseContent(int candidate)
    {
        _emitter.ArrayEnd();
        _emitter.ObjectEnd();
        _emitter.Number("index"u8, candidate);
        _emitter.ObjectEnd();
        _emitter.ArrayEnd();
        _frames.Identity(_emitter);
        _emitter.ObjectEnd();
        _frames.Close();
    }

    private GeminiEnding Ending(BlockKey key)
    {
        foreach (var ending in _endings)
        {
            if (ending.Candidate == key.Candidate)
            {
                return ending;
            }
        }

        var added = new GeminiEnding(key.Candidate);
        _endings.Add(added);
        return added;
    }

    private void Close()
    {
        _closed = true;
        _frames.Finish();
        _calls.Dispose();
    }
}
