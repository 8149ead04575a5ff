using System.Buffers;
using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Assembles the tool calls of one candidate from deltas keyed by <c>index</c> (wire/openai-chat.md §6, wire/mapping.md §8). A call
/// starts once id and name are known, or once arguments come for a name without an id; neither changes afterwards.
/// </summary>
internal sealed class OpenAiChatToolAssembler
{
    private const int MaximumCalls = 1024;
    private const int LegacyIndex = -2;

    // Ids minted for candidates of one answer must not meet.
    private const int IdsPerCandidate = 4096;

    private readonly OpenAiChatCandidate _candidate;
    private readonly IdMint _ids;
    private readonly List<OpenAiChatToolSlot> _slots = [];

    // Signatures that came before their call (OpenRouter), by call id.
    private readonly List<(byte[] Id, byte[] Blob)> _held = [];

    // A signature of the whole message (Gemini's compatible endpoint): it belongs to the first call.
    private byte[] _messageSignature = [];

    public OpenAiChatToolAssembler(OpenAiChatCandidate candidate, IdMint ids)
    {
        _candidate = candidate;
        _ids = ids;
    }

    public bool Any => _slots.Count > 0;

    public void Sign(EscapedText signature)
    {
        if (!signature.IsEmpty && _slots.Count == 0)
        {
            _messageSignature = signature.Content.ToArray();
        }
    }

    public bool TryHold(EscapedText toolId, EscapedText blob)
    {
        if (toolId.IsEmpty || _held.Count >= MaximumCalls || _slots.Exists(static slot => slot.Started))
        {
            return false;
        }

        _held.Add((toolId.Content.ToArray(), blob.Content.ToArray()));
        return true;
    }

    public void PushAll(RawJson calls, ICompletionSink sink)
    {
        if (calls.IsEmpty)
        {
            return;
        }

        var cursor = new JsonCursor(calls.Utf8);
        if (!cursor.EnterArray())
        {
            return;
        }

        while (cursor.NextElement())
        {
            var delta = default(OpenAiChatToolDelta);
            if (OpenAiChatToolDelta.TryRead(ref cursor, ref delta))
            {
                Push(delta, sink);
            }
        }
    }

    /// <summary>The deprecated <c>function_call</c>: one call, without id or index.</summary>
    public void PushLegacy(RawJson call, ICompletionSink sink)
    {
        if (call.IsEmpty)
        {
            return;
        }

        var cursor = new JsonCursor(call.Utf8);
        var delta = new OpenAiChatToolDelta { Index = LegacyIndex };
        if (delta.TryReadFunction(ref cursor))
        {
            Push(delta, sink);
        }
    }

    /// <summary>Starts what can be started and ends every call; true when a call never got a name.</summary>
    public bool Conclude(ICompletionSink sink)
    {
        var malformed = false;
        foreach (var slot in _slots)
        {
            if (!slot.Started && slot.Name.Length == 0)
            {
                malformed = true;
            }
            else
            {
                if (!slot.Started)
                {
                    Start(slot, sink);
                }

                if (slot.IsFreeform)
                {
                    EmitFreeform(slot, sink);
                }

                sink.ToolEnd(slot.Key);
            }

            slot.Pending.Dispose();
        }

        foreach (var (_, blob) in _held)
        {
            _candidate.Redacted(SignatureFamily.Gemini, EscapedText.FromContent(blob), sink);
        }

        return malformed;
    }

    private void Push(in OpenAiChatToolDelta delta, ICompletionSink sink)
    {
        var slot = SlotOf(delta);
        slot.Take(delta);
        var hasArguments = delta.HasArguments;
        if (!slot.Started && slot.Name.Length > 0 && (slot.Id.Length > 0 || hasArguments))
        {
            Start(slot, sink);
        }

        if (hasArguments)
        {
            PushArguments(slot, delta.Arguments, sink);
        }
    }

    private static void PushArguments(OpenAiChatToolSlot slot, RawJson arguments, ICompletionSink sink)
    {
        if (arguments.Utf8[0] != (byte)'"')
        {
            // A server that sends an object sends it whole and once.
            slot.Whole = !slot.HasArguments;
            if (slot.Started && slot.Whole)
            {
                sink.ToolArguments(slot.Key, arguments);
            }
            else if (slot.Whole)
            {
                slot.Pending.Write(arguments.Utf8);
            }

            slot.HasArguments = true;
            return;
        }

        var fragment = arguments.Utf8[1..^1];
        if (slot.Whole)
        {
            return;
        }

        slot.HasArguments = true;
        if (slot.Started && !slot.IsFreeform)
        {
            sink.ToolArguments(slot.Key, EscapedText.FromContent(fragment));
        }
        else
        {
            slot.Pending.Write(fragment);
        }
    }

    private void Start(OpenAiChatToolSlot slot, ICompletionSink sink)
    {
        var ordinal = (_candidate.Index * IdsPerCandidate) + _slots.IndexOf(slot);
        if (slot.Id.Length == 0)
        {
            slot.Id = System.Text.Encoding.ASCII.GetBytes(_ids.Mint("call_", ordinal));
        }

        slot.Started = true;
        slot.Key = _candidate.NewKey();
        var signature = SignatureOf(slot);
        if (signature.Length > 0)
        {
            sink.Signature(slot.Key, SignatureFamily.Gemini, EscapedText.FromContent(signature));
        }

        sink.ToolStart(slot.Key, EscapedText.FromContent(slot.Id), EscapedText.FromContent(slot.Name));
        if (slot.Pending.Length > 0 && !slot.IsFreeform)
        {
            if (slot.Whole)
            {
                sink.ToolArguments(slot.Key, RawJson.FromUtf8(slot.Pending.Span));
            }
            else
            {
                sink.ToolArguments(slot.Key, EscapedText.FromContent(slot.Pending.Span));
            }

            slot.Pending.Clear();
        }
    }

    private byte[] SignatureOf(OpenAiChatToolSlot slot)
    {
        var held = _held.FindIndex(each => each.Id.AsSpan().SequenceEqual(slot.Id));
        if (held >= 0)
        {
            slot.Signature = _held[held].Blob;
            _held.RemoveAt(held);
        }

        if (slot.Signature.Length == 0)
        {
            slot.Signature = _messageSignature;
        }

        _messageSignature = [];
        return slot.Signature;
    }

    // Freeform input is text, not JSON: it becomes the only property of an object (wire/mapping.md §2.8).
    private static void EmitFreeform(OpenAiChatToolSlot slot, ICompletionSink sink)
    {
        using var whole = new PooledBytes();
        whole.Write("{\"input\":\""u8);
        whole.Write(slot.Pending.Span);
        whole.Write("\"}"u8);
        sink.ToolArguments(slot.Key, RawJson.FromUtf8(whole.Span));
    }

    private OpenAiChatToolSlot SlotOf(in OpenAiChatToolDelta delta)
    {
        OpenAiChatToolSlot? found = null;
        for (var i = _slots.Count - 1; i >= 0 && found is null; i--)
        {
            var slot = _slots[i];
            var isIt = delta.Index == OpenAiChatToolDelta.NoIndex
                ? !delta.Id.IsEmpty && delta.Id.Content.SequenceEqual(slot.Id)
                : slot.Index == delta.Index;
            found = isIt ? slot : null;
        }

        if (found is not null)
        {
            // Servers that number every call 0: a named call with another id is another call.
            return IsAnotherCall(found, delta) ? NewSlot(delta.Index) : found;
        }

        var continuesLast = delta.Index == OpenAiChatToolDelta.NoIndex && delta.Id.IsEmpty && delta.Name.IsEmpty && _slots.Count > 0;
        return continuesLast ? _slots[^1] : NewSlot(delta.Index);
    }

    private static bool IsAnotherCall(OpenAiChatToolSlot slot, in OpenAiChatToolDelta delta) =>
        slot.Started && !delta.Id.IsEmpty && !delta.Name.IsEmpty && !delta.Id.Content.SequenceEqual(slot.Id);

    private OpenAiChatToolSlot NewSlot(int index)
    {
        if (_slots.Count >= MaximumCalls)
        {
            throw new JsonException($"More than {MaximumCalls} tool calls in one answer.");
        }

        var slot = new OpenAiChatToolSlot(index);
        _slots.Add(slot);
        return slot;
    }
}
