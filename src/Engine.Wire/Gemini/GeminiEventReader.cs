using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Reads <c>GenerateContentResponse</c>s, one per event or one for the whole answer (wire/gemini.md §5, §6). The stream ends by
/// closing, and a finish reason may be repeated or revised by a later event, so finishes are told when the upstream closes.
/// </summary>
internal sealed class GeminiEventReader(AnswerContext context) : CompletionReader
{
    // The API gives at most 8.
    private const int MaximumCandidates = 32;

    private readonly List<GeminiCandidate> _candidates = new(1);
    private readonly GeminiBlockLedger _blocks = new(context.Ids);
    private GeminiUsage _usage;
    private TokenUsage _toldUsage = TokenUsage.Unknown;
    private bool _started;
    private bool _promptBlocked;
    private byte[] _blockReason = [];
    private byte[] _blockMessage = [];

    /// <inheritdoc/>
    protected override void OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ICompletionSink sink)
    {
        var json = data.TrimStart(" \t\r\n"u8);
        if (json.IsEmpty || json.StartsWith("[DONE]"u8))
        {
            return;
        }

        if (json[0] != (byte)'[')
        {
            ReadChunk(json, sink);
            return;
        }

        // An error wrapped in an array, or the whole array of a stream without alt=sse.
        var cursor = new JsonCursor(json);
        for (var inside = cursor.EnterArray(); inside && cursor.NextElement();)
        {
            ReadChunk(cursor.ReadRaw().Utf8, sink);
        }
    }

    /// <inheritdoc/>
    protected override void OnBody(ReadOnlySpan<byte> body, ICompletionSink sink) => OnEvent(default, body, sink);

    /// <inheritdoc/>
    protected override void OnComplete(ICompletionSink sink)
    {
        if (!_started)
        {
            return;
        }

        if (_candidates.Count == 0)
        {
            CompleteWithoutCandidate(sink);
            return;
        }

        if (_candidates.Exists(static candidate => candidate.Finish is null))
        {
            return;
        }

        foreach (var candidate in _candidates)
        {
            var finish = candidate.Finish!.Value;
            if (finish != FinishReason.Length)
            {
                GeminiBlockLedger.EndPartialCall(candidate, sink);
            }

            sink.Finish(new FinishEvent
            {
                Candidate = candidate.Index,
                Reason = finish,
                Raw = EscapedText.FromContent(candidate.FinishWord),
                Explanation = EscapedText.FromContent(finish == FinishReason.Stop ? [] : candidate.FinishMessage),
            });
        }

        Close(sink);
    }

    private void CompleteWithoutCandidate(ICompletionSink sink)
    {
        if (!_promptBlocked)
        {
            Fail(sink, new UpstreamError(ErrorKind.UpstreamFault, "The upstream answered without any candidate."));
            return;
        }

        sink.Finish(new FinishEvent
        {
            Reason = FinishReason.ContentFilter,
            Raw = EscapedText.FromContent(_blockReason),
            Explanation = EscapedText.FromContent(_blockMessage),
        });
        Close(sink);
    }

    private void ReadChunk(ReadOnlySpan<byte> json, ICompletionSink sink)
    {
        if (IsClosed)
        {
            return;
        }

        EscapedText id = default, model = default;
        JsonCursor candidates = default;
        bool hasCandidates = false, isError = false;
        var cursor = new JsonCursor(json);
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (cursor.NameIs("candidates"u8))
            {
                hasCandidates = true;
                candidates = cursor;
                cursor.SkipValue();
            }
            else if (cursor.NameIs("usageMetadata"u8) || cursor.NameIs("usage_metadata"u8))
            {
                _usage.Read(ref cursor);
            }
            else if (cursor.NameIs("modelVersion"u8) || cursor.NameIs("model_version"u8))
            {
                model = cursor.ReadText();
            }
            else if (cursor.NameIs("responseId"u8) || cursor.NameIs("response_id"u8))
            {
                id = cursor.ReadText();
            }
            else if (cursor.NameIs("promptFeedback"u8) || cursor.NameIs("prompt_feedback"u8))
            {
                ReadPromptFeedback(ref cursor);
            }
            else if (cursor.NameIs("error"u8))
            {
                isError = !cursor.ReadRaw().IsEmpty;
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (isError)
        {
            Fail(sink, GeminiErrorReader.Read(0, json));
            return;
        }

        if (!_started)
        {
            _started = true;
            sink.Start(id, model);
        }

        for (var inside = hasCandidates && candidates.EnterArray(); inside && candidates.NextElement();)
        {
            ReadCandidate(ref candidates, sink);
        }

        TellUsage(sink);
    }

    private void ReadPromptFeedback(scoped ref JsonCursor cursor)
    {
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (cursor.NameIs("blockReason"u8) || cursor.NameIs("block_reason"u8))
            {
                _blockReason = cursor.ReadText().Content.ToArray();
                _promptBlocked |= _blockReason.Length > 0;
            }
            else if (cursor.NameIs("blockReasonMessage"u8) || cursor.NameIs("block_reason_message"u8))
            {
                _blockMessage = cursor.ReadText().Content.ToArray();
                _promptBlocked |= _blockMessage.Length > 0;
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    private void TellUsage(ICompletionSink sink)
    {
        var total = _usage.Total;
        if (total != _toldUsage)
        {
            _toldUsage = total;
            sink.Usage(total);
        }
    }

    private void ReadCandidate(scoped ref JsonCursor cursor, ICompletionSink sink)
    {
        // The index may stand after the content that it numbers.
        long index = 0;
        JsonCursor content = default;
        EscapedText finish = default, message = default;
        RawJson grounding = default, citations = default;
        var hasContent = false;
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (cursor.NameIs("content"u8))
            {
                hasContent = true;
                content = cursor;
                cursor.SkipValue();
            }
            else if (cursor.NameIs("index"u8))
            {
                index = cursor.ReadInteger();
            }
            else if (cursor.NameIs("finishReason"u8) || cursor.NameIs("finish_reason"u8))
            {
                finish = WordOf(cursor.ReadRaw());
            }
            else if (cursor.NameIs("finishMessage"u8) || cursor.NameIs("finish_message"u8))
            {
                message = cursor.ReadText();
            }
            else if (cursor.NameIs("groundingMetadata"u8) || cursor.NameIs("grounding_metadata"u8))
            {
                grounding = cursor.ReadRaw();
            }
            else if (cursor.NameIs("citationMetadata"u8) || cursor.NameIs("citation_metadata"u8))
            {
                citations = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (index is < 0 or >= MaximumCandidates)
        {
            return;
        }

        var candidate = CandidateAt((int)index);
        if (hasContent)
        {
            ReadContent(ref content, candidate, sink);
        }

        GeminiSources.ReadCitations(citations, candidate, sink);
        GeminiSources.ReadGrounding(grounding, candidate, sink);
        if (!finish.IsEmpty)
        {
            candidate.SawFinish(finish, message);
        }
    }

    // A word, or the number of one where the client asked for numbers ($alt=json;enum-encoding=int).
    private static EscapedText WordOf(RawJson value) =>
        EscapedText.FromContent(value.Utf8.StartsWith("\""u8) ? value.Utf8[1..^1] : value.Utf8);

    private void ReadContent(scoped ref JsonCursor cursor, GeminiCandidate candidate, ICompletionSink sink)
    {
        for (var inside = cursor.EnterObject(); inside && cursor.NextProperty();)
        {
            if (!cursor.NameIs("parts"u8))
            {
                cursor.SkipValue();
                continue;
            }

            for (var among = cursor.EnterArray(); among && cursor.NextElement();)
            {
                var part = GeminiPart.Read(ref cursor);
                _blocks.Tell(in part, candidate, sink);
            }
        }
    }

    private GeminiCandidate CandidateAt(int index)
    {
        foreach (var candidate in _candidates)
        {
            if (candidate.Index == index)
            {
                return candidate;
            }
        }

        var added = new GeminiCandidate(index);
        _candidates.Add(added);
        return added;
    }
}
