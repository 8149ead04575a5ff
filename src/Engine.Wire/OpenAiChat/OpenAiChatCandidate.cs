using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// What the reader remembers of one candidate: which block is open, its tool calls, its finish. A kind that resumes after another
/// kind gets a new block key.
/// </summary>
internal sealed class OpenAiChatCandidate
{
    private enum Kind
    {
        None,
        Text,
        Reasoning,
        Refusal,
    }

    private readonly OpenAiChatToolAssembler _tools;
    private int _nextOrdinal;
    private Kind _open;
    private BlockKey _key;

    // The last text block: annotations that come late belong to it.
    private BlockKey? _lastText;

    // Reasoning that no signature has closed yet.
    private BlockKey? _unsigned;
    private byte[] _finish = [];
    private byte[] _stopSequence = [];

    public OpenAiChatCandidate(int index, IdMint ids)
    {
        Index = index;
        _tools = new OpenAiChatToolAssembler(this, ids);
    }

    public int Index { get; }

    public bool HasContent => _nextOrdinal > 0 || _tools.Any;

    public bool HasFinish => _finish.Length > 0;

    public bool FinishedWithError { get; set; }

    /// <summary>A key for a block that opens now and closes whatever was open.</summary>
    public BlockKey NewKey()
    {
        _open = Kind.None;
        return new BlockKey(_nextOrdinal++, Index);
    }

    public void Push(in OpenAiChatChoice choice, ICompletionSink sink)
    {
        PushReasoning(choice, sink);
        PushContent(choice.Content, sink);
        Text(choice.Transcript, sink);
        if (!choice.Refusal.IsEmpty)
        {
            sink.Refusal(KeyOf(Kind.Refusal), choice.Refusal);
        }

        if (!choice.Images.IsEmpty)
        {
            PushImages(choice.Images, sink);
        }

        if (!choice.Annotations.IsEmpty)
        {
            PushAnnotations(choice.Annotations, sink);
        }

        if (!choice.ToolCalls.IsEmpty || !choice.FunctionCall.IsEmpty)
        {
            _open = Kind.None;
            _tools.Sign(choice.Signature);
            _tools.PushAll(choice.ToolCalls, sink);
            _tools.PushLegacy(choice.FunctionCall, sink);
        }
        else if (!choice.Signature.IsEmpty)
        {
            SignText(choice.Signature, sink);
        }
    }

    /// <summary>Keeps the reason; the last one said wins.</summary>
    public void NoteFinish(EscapedText reason, EscapedText stopSequence)
    {
        if (!reason.IsEmpty && !reason.Content.SequenceEqual(_finish))
        {
            _finish = reason.Content.ToArray();
        }

        if (!stopSequence.IsEmpty && !stopSequence.Content.SequenceEqual(_stopSequence))
        {
            _stopSequence = stopSequence.Content.ToArray();
        }
    }

    /// <summary>Ends open calls and says why the candidate stopped.</summary>
    public void Conclude(ICompletionSink sink)
    {
        var malformed = _tools.Conclude(sink);
        var raw = EscapedText.FromContent(_finish);
        var reason = HasFinish ? OpenAiChatFinishReasons.Read(raw) : FinishReason.Other;
        if (reason == FinishReason.Stop && _stopSequence.Length > 0 && !Ascii.EqualsIgnoreCase(_stopSequence, _finish))
        {
            reason = FinishReason.StopSequence;
        }

        sink.Finish(new FinishEvent
        {
            Candidate = Index,
            Reason = malformed ? FinishReason.MalformedCall : reason,
            Raw = raw,
            StopSequence = reason == FinishReason.StopSequence ? EscapedText.FromContent(_stopSequence) : default,
        });
    }

    public void Reasoning(EscapedText text, ICompletionSink sink)
    {
        if (!text.IsEmpty)
        {
            sink.Reasoning(KeyOf(Kind.Reasoning), text);
            _unsigned = _key;
        }
    }

    /// <summary>Signs the open reasoning block, or one without text; the block is closed by it.</summary>
    public void SignReasoning(SignatureFamily family, EscapedText blob, ICompletionSink sink)
    {
        sink.Signature(_unsigned ?? NewKey(), family, blob);
        _unsigned = null;
        if (_open == Kind.Reasoning)
        {
            _open = Kind.None;
        }
    }

    public void Redacted(SignatureFamily family, EscapedText data, ICompletionSink sink) => sink.RedactedReasoning(NewKey(), family, data);

    /// <summary>Keeps the signature of a call that has not begun yet.</summary>
    public bool TryHoldForTool(EscapedText toolId, EscapedText blob) => _tools.TryHold(toolId, blob);

    private void PushReasoning(in OpenAiChatChoice choice, ICompletionSink sink)
    {
        // Servers send one delta under several names: the details win when they hold text, since only they tell whose signature it is.
        var details = choice.ReasoningDetails;
        var detailsHoldText = !details.IsEmpty && OpenAiChatReasoningDetails.HoldText(details);
        if (!detailsHoldText)
        {
            var other = !choice.Reasoning.IsEmpty ? choice.Reasoning : choice.ReasoningText;
            Reasoning(!choice.ReasoningContent.IsEmpty ? choice.ReasoningContent : other, sink);
        }

        if (!details.IsEmpty)
        {
            OpenAiChatReasoningDetails.Read(details, this, sink);
        }
    }

    private void PushContent(RawJson content, ICompletionSink sink)
    {
        if (content.IsEmpty)
        {
            return;
        }

        if (content.Utf8[0] == (byte)'"')
        {
            Text(EscapedText.FromContent(content.Utf8[1..^1]), sink);
        }
        else if (content.Utf8[0] == (byte)'[')
        {
            var cursor = new JsonCursor(content.Utf8);
            cursor.EnterArray();
            while (cursor.NextElement())
            {
                PushPart(ref cursor, sink);
            }
        }
    }

    // Mistral: text parts, and thinking parts that hold a string or parts of their own.
    private void PushPart(ref JsonCursor cursor, ICompletionSink sink)
    {
        if (!cursor.EnterObject())
        {
            return;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("text"u8))
            {
                Text(cursor.ReadText(), sink);
            }
            else if (cursor.NameIs("image_url"u8))
            {
                OpenAiChatMedia.PushImage(ref cursor, this, sink);
            }
            else if (cursor.NameIs("thinking"u8))
            {
                PushThinking(cursor.ReadRaw(), sink);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    private void PushThinking(RawJson thinking, ICompletionSink sink)
    {
        if (thinking.IsEmpty)
        {
            return;
        }

        if (thinking.Utf8[0] == (byte)'"')
        {
            Reasoning(EscapedText.FromContent(thinking.Utf8[1..^1]), sink);
            return;
        }

        var cursor = new JsonCursor(thinking.Utf8);
        if (!cursor.EnterArray())
        {
            return;
        }

        while (cursor.NextElement())
        {
            if (!cursor.EnterObject())
            {
                continue;
            }

            while (cursor.NextProperty())
            {
                if (cursor.NameIs("text"u8))
                {
                    Reasoning(cursor.ReadText(), sink);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
        }
    }

    private void PushImages(RawJson images, ICompletionSink sink)
    {
        var cursor = new JsonCursor(images.Utf8);
        if (!cursor.EnterArray())
        {
            return;
        }

        while (cursor.NextElement())
        {
            PushPart(ref cursor, sink);
        }
    }

    private void PushAnnotations(RawJson annotations, ICompletionSink sink)
    {
        var cursor = new JsonCursor(annotations.Utf8);
        if (!cursor.EnterArray())
        {
            return;
        }

        while (cursor.NextElement())
        {
            if (OpenAiChatCitations.TryRead(ref cursor, out var citation))
            {
                sink.Cite(_lastText ?? KeyOf(Kind.Text), citation);
            }
        }
    }

    private void SignText(EscapedText blob, ICompletionSink sink)
    {
        if (_lastText is { } text)
        {
            sink.Signature(text, SignatureFamily.Gemini, blob);
        }
        else
        {
            SignReasoning(SignatureFamily.Gemini, blob, sink);
        }
    }

    /// <summary>Answer text; nothing when empty.</summary>
    public void Text(EscapedText text, ICompletionSink sink)
    {
        if (!text.IsEmpty)
        {
            sink.Text(KeyOf(Kind.Text), text);
        }
    }

    private BlockKey KeyOf(Kind kind)
    {
        if (_open != kind)
        {
            _key = NewKey();
            _open = kind;
            if (kind == Kind.Text)
            {
                _lastText = _key;
            }
        }

        return _key;
    }
}
