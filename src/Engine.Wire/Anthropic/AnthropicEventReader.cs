using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Reads one answer, streamed or whole (wire/anthropic-messages.md §6, §7). A block's key is its index. Hosted tools, their results
/// and block types we do not know are passed over: they mean nothing outside this dialect, and in it the bytes pass untouched.
/// </summary>
internal sealed class AnthropicEventReader(AnswerContext context) : CompletionReader
{
    // Blocks follow each other; servers that merely resemble the dialect may leave some open.
    private const int MaximumOpenBlocks = 256;

    private readonly List<OpenBlock> _open = [];
    private AnthropicUsage _usage = new();
    private bool _started;
    private bool _finished;

    /// <inheritdoc/>
    protected override void OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ICompletionSink sink)
    {
        if (data.IsEmpty)
        {
            return;
        }

        var fields = AnthropicEventFields.Read(data);
        var type = fields.Type.IsEmpty ? EscapedText.FromContent(name) : fields.Type;
        if (type.TextEquals("content_block_delta"u8))
        {
            OnDelta(fields, sink);
        }
        else if (type.TextEquals("content_block_start"u8))
        {
            OnBlockStart(fields.Index, AnthropicBlockFields.Read(fields.ContentBlock), sink);
        }
        else if (type.TextEquals("content_block_stop"u8))
        {
            OnBlockStop(fields.Index, sink);
        }
        else if (type.TextEquals("message_start"u8))
        {
            OnMessageStart(fields.Message, sink);
        }
        else if (type.TextEquals("message_delta"u8))
        {
            OnMessageDelta(fields, sink);
        }
        else if (type.TextEquals("message_stop"u8))
        {
            CloseBlocks(sink);
            Close(sink);
        }
        else if (type.TextEquals("message"u8))
        {
            // A server that does not stream sends the whole answer where events were asked for.
            OnBody(data, sink);
        }
        else if (type.TextEquals("error"u8) || !fields.Error.IsEmpty)
        {
            Fail(sink, AnthropicErrorReader.ReadError(0, fields.Error));
        }
    }

    /// <inheritdoc/>
    protected override void OnBody(ReadOnlySpan<byte> body, ICompletionSink sink)
    {
        var message = AnthropicMessageFields.Read(body);
        if (!message.Error.IsEmpty)
        {
            Fail(sink, AnthropicErrorReader.ReadError(0, message.Error));
            return;
        }

        if (message.Content.IsEmpty)
        {
            Fail(sink, new UpstreamError(ErrorKind.UpstreamFault, "The upstream's answer holds no content."));
            return;
        }

        Start(message.Id, message.Model, sink);
        var cursor = new JsonCursor(message.Content.Utf8);
        if (cursor.EnterArray())
        {
            for (var index = 0; !IsClosed && cursor.NextElement(); index++)
            {
                OnBlockStart(index, AnthropicBlockFields.Read(cursor.ReadRaw()), sink);
                OnBlockStop(index, sink);
            }
        }

        if (IsClosed)
        {
            return;
        }

        OnUsage(message.Usage, sink);
        OnStop(message.StopReason, message.StopSequence, message.StopDetails, sink);
        Close(sink);
    }

    private void OnMessageStart(RawJson json, ICompletionSink sink)
    {
        var message = AnthropicMessageFields.Read(json.Utf8);
        Start(message.Id, message.Model, sink);
        OnUsage(message.Usage, sink);
    }

    private void OnDelta(in AnthropicEventFields fields, ICompletionSink sink)
    {
        Start(default, default, sink);
        var key = new BlockKey(fields.Index);
        var open = Find(fields.Index);
        var type = open < 0 ? AnthropicBlockType.Hosted : _open[open].Type;
        if (!fields.Text.IsEmpty && IsType(type, open, AnthropicBlockType.Text, fields.DeltaType, "text_delta"u8))
        {
            sink.Text(key, fields.Text);
        }
        else if (!fields.Thinking.IsEmpty && IsType(type, open, AnthropicBlockType.Thinking, fields.DeltaType, "thinking_delta"u8))
        {
            sink.Reasoning(key, fields.Thinking);
        }
        else if (!fields.PartialJson.IsEmpty && type == AnthropicBlockType.ToolUse)
        {
            _open[open] = _open[open] with { HasDeltas = true };
            sink.ToolArguments(key, fields.PartialJson);
        }
        else if (!fields.Signature.IsEmpty && IsType(type, open, AnthropicBlockType.Thinking, fields.DeltaType, "signature_delta"u8))
        {
            sink.Signature(key, SignatureFamily.Claude, fields.Signature);
        }
        else if (!fields.Citation.IsEmpty && type == AnthropicBlockType.Text)
        {
            AnthropicCitations.Read(fields.Citation, key, sink);
        }
    }

    // A delta whose block never started says itself what it is.
    private static bool IsType(
        AnthropicBlockType type, int open, AnthropicBlockType wanted, EscapedText deltaType, ReadOnlySpan<byte> wantedDelta) =>
        open < 0 ? deltaType.TextEquals(wantedDelta) : type == wanted;

    private void OnBlockStart(int index, in AnthropicBlockFields block, ICompletionSink sink)
    {
        Start(default, default, sink);
        if (_open.Count == MaximumOpenBlocks)
        {
            Fail(sink, new UpstreamError(ErrorKind.UpstreamFault, "The upstream left too many content blocks open."));
            return;
        }

        var key = new BlockKey(index);
        var opened = new OpenBlock(index, block.Type);
        switch (block.Type)
        {
            case AnthropicBlockType.Text:
                if (!block.Text.IsEmpty)
                {
                    sink.Text(key, block.Text);
                }

                Cite(block.Citations, key, sink);
                break;
            case AnthropicBlockType.Thinking:
                if (!block.Thinking.IsEmpty)
                {
                    sink.Reasoning(key, block.Thinking);
                }

                if (!block.Signature.IsEmpty)
                {
                    sink.Signature(key, SignatureFamily.Claude, block.Signature);
                }

                break;
            case AnthropicBlockType.RedactedThinking when !block.Data.IsEmpty:
                sink.RedactedReasoning(key, SignatureFamily.Claude, block.Data);
                break;
            case AnthropicBlockType.ToolUse when block.Name.IsEmpty:
                Fail(sink, new UpstreamError(ErrorKind.UpstreamFault, "The upstream called a tool without naming it."));
                return;
            case AnthropicBlockType.ToolUse:
                var id = block.Id.IsEmpty ? EscapedText.FromContent(JsonStrings.Escape(context.Ids.Mint("toolu_", index))) : block.Id;
                sink.ToolStart(key, id, block.Name);
                opened = opened with { Input = block.HasInput ? block.Input.Utf8.ToArray() : null };
                break;
        }

        _open.Add(opened);
    }

    private void OnBlockStop(int index, ICompletionSink sink)
    {
        var open = Find(index);
        if (open >= 0)
        {
            var block = _open[open];
            _open.RemoveAt(open);
            End(block, sink);
        }
    }

    private void CloseBlocks(ICompletionSink sink)
    {
        foreach (var block in _open)
        {
            End(block, sink);
        }

        _open.Clear();
    }

    private static void End(in OpenBlock block, ICompletionSink sink)
    {
        if (block.Type != AnthropicBlockType.ToolUse)
        {
            return;
        }

        var key = new BlockKey(block.Index);
        if (!block.HasDeltas && block.Input is { } input)
        {
            sink.ToolArguments(key, RawJson.FromUtf8(input));
        }

        sink.ToolEnd(key);
    }

    private void OnMessageDelta(in AnthropicEventFields fields, ICompletionSink sink)
    {
        Start(default, default, sink);
        OnUsage(fields.Usage, sink);
        OnStop(fields.StopReason, fields.StopSequence, fields.StopDetails, sink);
    }

    private void OnUsage(RawJson usage, ICompletionSink sink)
    {
        if (!usage.IsEmpty)
        {
            _usage.Merge(usage);
            sink.Usage(_usage.Inclusive);
        }
    }

    private void OnStop(EscapedText reason, EscapedText sequence, RawJson details, ICompletionSink sink)
    {
        if (reason.IsEmpty || _finished)
        {
            return;
        }

        _finished = true;
        CloseBlocks(sink);
        sink.Finish(new FinishEvent
        {
            Reason = AnthropicFinishReasons.Read(reason),
            Raw = reason,
            StopSequence = sequence,
            Explanation = AnthropicMessageFields.ExplanationOf(details),
        });
    }

    private void Start(EscapedText id, EscapedText model, ICompletionSink sink)
    {
        if (!_started)
        {
            _started = true;
            sink.Start(id, model);
        }
    }

    private static void Cite(RawJson citations, BlockKey key, ICompletionSink sink)
    {
        if (citations.IsEmpty)
        {
            return;
        }

        var cursor = new JsonCursor(citations.Utf8);
        if (cursor.EnterArray())
        {
            while (cursor.NextElement())
            {
                AnthropicCitations.Read(cursor.ReadRaw(), key, sink);
            }
        }
    }

    private int Find(int index)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i].Index == index)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A block whose stop has not come.</summary>
    /// <param name="Index">Its index.</param>
    /// <param name="Type">What it holds.</param>
    private readonly record struct OpenBlock(int Index, AnthropicBlockType Type)
    {
        /// <summary>True once arguments came as deltas; then the start's <c>input</c> counts for nothing.</summary>
        public bool HasDeltas { get; init; }

        /// <summary>A call's <c>input</c> as its start carried it, when it is more than <c>{}</c>.</summary>
        public byte[]? Input { get; init; }
    }
}
