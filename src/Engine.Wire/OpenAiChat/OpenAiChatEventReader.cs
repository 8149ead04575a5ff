using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Reads a Chat Completions answer, streamed or whole, lenient towards compatible servers (wire/openai-chat.md §5, §6;
/// wire/mapping.md §8). A candidate's finish is held until <c>[DONE]</c> or the end, because servers repeat it, send it with every
/// chunk, or send content after it. Spoken audio is read as its transcript; its samples have no place in the vocabulary.
/// </summary>
public sealed class OpenAiChatEventReader : CompletionReader
{
    private const int MaximumCandidates = 128;
    private static readonly SearchValues<byte> EmptyJson = SearchValues.Create("{}[]\" \t\r\n"u8);

    private readonly AnswerContext _context;
    private readonly List<OpenAiChatCandidate> _candidates = [];
    private bool _started;

    /// <summary>A reader for one answer; the context's ids fill in where a server sends none.</summary>
    public OpenAiChatEventReader(AnswerContext context) => _context = context;

    /// <inheritdoc/>
    protected override void OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ICompletionSink sink)
    {
        data = data.Trim(" \t\r\n"u8);
        if (data.IsEmpty)
        {
            return;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            Conclude(sink);
            return;
        }

        ReadObject(data, streamed: true, name.SequenceEqual("error"u8), sink);
    }

    /// <inheritdoc/>
    protected override void OnBody(ReadOnlySpan<byte> body, ICompletionSink sink)
    {
        ReadObject(body, streamed: false, isError: false, sink);
        if (!IsClosed)
        {
            Conclude(sink);
        }
    }

    /// <inheritdoc/>
    protected override void OnComplete(ICompletionSink sink)
    {
        // Some servers never send [DONE]; an answer all of whose candidates said why they stopped is whole.
        if (_candidates.Count > 0 && _candidates.TrueForAll(static candidate => candidate.HasFinish))
        {
            Conclude(sink);
        }
    }

    private void ReadObject(ReadOnlySpan<byte> data, bool streamed, bool isError, ICompletionSink sink)
    {
        var cursor = new JsonCursor(data);
        if (!cursor.EnterObject())
        {
            Fail(sink, OpenAiChatErrorReader.Read(0, data));
            return;
        }

        EscapedText id = default, model = default;
        RawJson choices = default, usage = default, error = default;
        var isAnswer = false;
        while (cursor.NextProperty())
        {
            if (cursor.NameIs("choices"u8))
            {
                isAnswer = true;
                if (_started)
                {
                    ReadChoices(ref cursor, streamed, sink);
                }
                else
                {
                    choices = cursor.ReadRaw();
                }
            }
            else if (cursor.NameIs("id"u8))
            {
                id = cursor.ReadText();
            }
            else if (cursor.NameIs("model"u8))
            {
                model = cursor.ReadText();
            }
            else if (cursor.NameIs("object"u8))
            {
                isError |= cursor.ReadText().TextEquals("error"u8);
            }
            else if (cursor.NameIs("usage"u8))
            {
                usage = cursor.ReadRaw();
            }
            else if (cursor.NameIs("error"u8))
            {
                error = cursor.ReadRaw();
            }
            else if (cursor.NameIs("x_groq"u8))
            {
                usage = ReadGroqUsage(ref cursor, usage);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (isError || IsFailure(error) || (!isAnswer && usage.IsEmpty && OpenAiChatErrorReader.LooksLikeError(data)))
        {
            Fail(sink, OpenAiChatErrorReader.Read(0, data));
        }

        if (IsClosed)
        {
            return;
        }

        if (!choices.IsEmpty)
        {
            ReadFirstChoices(choices, id, model, streamed, sink);
        }

        if (!usage.IsEmpty && !IsClosed)
        {
            EnsureStarted(id, model, sink);
            PushUsage(usage, sink);
        }
    }

    private void ReadFirstChoices(RawJson choices, EscapedText id, EscapedText model, bool streamed, ICompletionSink sink)
    {
        var cursor = new JsonCursor(choices.Utf8);
        var peek = new JsonCursor(choices.Utf8);
        if (!peek.EnterArray() || !peek.NextElement())
        {
            // Azure's filter results and keep-alives come with no choice and no id: the answer has not begun.
            return;
        }

        EnsureStarted(id, model, sink);
        ReadChoices(ref cursor, streamed, sink);
    }

    private void ReadChoices(ref JsonCursor cursor, bool streamed, ICompletionSink sink)
    {
        if (!cursor.EnterArray())
        {
            return;
        }

        while (cursor.NextElement())
        {
            var choice = default(OpenAiChatChoice);
            if (!OpenAiChatChoice.TryRead(ref cursor, ref choice) || CandidateOf(choice.Index) is not { } candidate || IsClosed)
            {
                continue;
            }

            // A whole message at the end of a stream repeats what was streamed.
            if (choice.HasDelta || !streamed || !candidate.HasContent)
            {
                candidate.Push(choice, sink);
            }

            if (!choice.Usage.IsEmpty)
            {
                PushUsage(choice.Usage, sink);
            }

            if (IsFailure(choice.Error))
            {
                Fail(sink, OpenAiChatErrorReader.ReadError(0, choice.Error));
            }
            else if (choice.FinishReason.TextEquals("error"u8))
            {
                candidate.FinishedWithError = true;
            }
            else
            {
                candidate.NoteFinish(choice.FinishReason, choice.StopSequence);
            }
        }
    }

    private void Conclude(ICompletionSink sink)
    {
        if (_candidates.Exists(static candidate => candidate.FinishedWithError))
        {
            Fail(sink, new UpstreamError(ErrorKind.UpstreamFault, "The upstream ended the answer with an error it did not explain."));
            return;
        }

        if (!_candidates.Exists(static candidate => candidate.HasContent || candidate.HasFinish))
        {
            Fail(sink, new UpstreamError(ErrorKind.UpstreamFault, "The upstream ended the answer before it began."));
            return;
        }

        foreach (var candidate in _candidates)
        {
            candidate.Conclude(sink);
        }

        Close(sink);
    }

    private void EnsureStarted(EscapedText id, EscapedText model, ICompletionSink sink)
    {
        if (!_started)
        {
            _started = true;
            sink.Start(id, model);
        }
    }

    private OpenAiChatCandidate? CandidateOf(int index)
    {
        foreach (var candidate in _candidates)
        {
            if (candidate.Index == index)
            {
                return candidate;
            }
        }

        if (index is < 0 or >= MaximumCandidates)
        {
            return null;
        }

        var created = new OpenAiChatCandidate(index, _context.Ids);
        _candidates.Add(created);
        return created;
    }

    private static void PushUsage(RawJson json, ICompletionSink sink)
    {
        var usage = OpenAiChatUsage.Read(json);
        if (usage.IsKnown)
        {
            sink.Usage(usage);
        }
    }

    private static RawJson ReadGroqUsage(scoped ref JsonCursor cursor, RawJson known)
    {
        if (!cursor.EnterObject())
        {
            return known;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("usage"u8) && known.IsEmpty)
            {
                known = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return known;
    }

    // What JavaScript calls truthy, without the empty object that some servers put into every chunk.
    private static bool IsFailure(RawJson error) =>
        !error.IsEmpty && error.Utf8[0] is (byte)'{' or (byte)'"' or (byte)'[' && error.Utf8.ContainsAnyExcept(EmptyJson);
}
