using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Steps 2 to 4 of wire/mapping.md §1.2: every assistant turn with calls is directly followed by a user turn that begins with
/// exactly one result per call, in the order of the calls (pitfalls 62-67). Needs the ids of <see cref="ToolIds"/>.
/// </summary>
internal static class CallResults
{
    private static readonly EscapedSlice NoResult = EscapedSlice.FromString("[no result recorded]");

    /// <summary>Pulls results to their calls. A history already in order is returned as it is.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities _, LossLedger losses) =>
        IsInOrder(request.Turns) ? request : request with { Turns = new Ordering(JoinSteps(request.Turns), losses).Run() };

    private static bool IsInOrder(IReadOnlyList<Turn> turns)
    {
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i].Role == TurnRole.Assistant && turns[i].HoldsCalls())
            {
                if (turns[i].HoldsResults() || i + 1 == turns.Count || !Answers(turns[i + 1], turns[i]))
                {
                    return false;
                }

                i++;
            }
            else if (turns[i].HoldsResults() || turns[i].HoldsCalls())
            {
                return false;
            }
        }

        return true;
    }

    private static bool Answers(Turn answer, Turn asking)
    {
        var calls = asking.Parts.OfType<ToolCallPart>().Select(static call => call.Id).ToList();
        return answer.Role == TurnRole.User
            && !answer.HoldsCalls()
            && answer.Parts.OfType<ToolResultPart>().Select(static result => result.CallId).SequenceEqual(calls, StringComparer.Ordinal)
            && answer.Parts.Take(calls.Count).All(static part => part is ToolResultPart);
    }

    // Neighbouring assistant turns of which the first calls tools are one step whose results come together.
    private static List<Turn> JoinSteps(IReadOnlyList<Turn> turns)
    {
        var joined = new List<Turn>(turns.Count);
        foreach (var turn in turns)
        {
            if (joined.Count > 0 && joined[^1].Role == TurnRole.Assistant && turn.Role == TurnRole.Assistant && joined[^1].HoldsCalls())
            {
                joined[^1] = joined[^1] with { Parts = [.. joined[^1].Parts, .. turn.Parts] };
            }
            else
            {
                joined.Add(turn);
            }
        }

        return joined;
    }

    private sealed class Slot
    {
        public ToolResultPart? Result { get; set; }

        public string Path { get; set; } = "";
    }

    private sealed class Ordering(List<Turn> turns, LossLedger losses)
    {
        private readonly Dictionary<string, Slot> _open = new(StringComparer.Ordinal);
        private readonly Dictionary<(int Turn, int Part), Slot> _slots = [];
        private readonly Dictionary<(int Turn, int Part), Part> _orphans = [];

        public List<Turn> Run()
        {
            for (var i = 0; i < turns.Count; i++)
            {
                for (var j = 0; j < turns[i].Parts.Count; j++)
                {
                    Note(turns[i], i, j);
                }
            }

            var ordered = new List<Turn>(turns.Count + 1);
            for (var i = 0; i < turns.Count; i++)
            {
                Emit(i, ordered);
            }

            return ordered;
        }

        private void Note(Turn turn, int i, int j)
        {
            if (turn.Parts[j] is ToolCallPart call && turn.Role == TurnRole.Assistant)
            {
                _slots[(i, j)] = _open[call.Id] = new Slot();
            }
            else if (turn.Parts[j] is ToolResultPart result)
            {
                if (_open.TryGetValue(result.CallId, out var slot))
                {
                    if (slot.Result is not null)
                    {
                        var why = $"'{turn.LossPath()}' answers the call '{result.CallId}' again; the last answer is used.";
                        losses.Add(turn.LossPath(), LossRule.Reported, why);
                    }

                    slot.Result = result;
                    slot.Path = turn.Path;
                }
                else
                {
                    losses.Add(turn.LossPath(), LossRule.Emulated);
                    _orphans[(i, j)] = AsText(result);
                }
            }
        }

        private void Emit(int i, List<Turn> ordered)
        {
            var turn = turns[i];
            var slots = Enumerable.Range(0, turn.Parts.Count).Where(j => _slots.ContainsKey((i, j))).ToList();
            if (slots.Count > 0 && i == turns.Count - 1)
            {
                EmitUnanswered(turn, ordered);
                return;
            }

            var rest = Rest(turn, i);
            if (rest is not null)
            {
                ordered.Add(rest);
            }

            if (slots.Count > 0)
            {
                ordered.Add(new Turn(TurnRole.User, [.. slots.Select(j => ResultOf(turn, i, j))])
                {
                    Path = slots.Select(j => _slots[(i, j)].Path).FirstOrDefault(static path => path.Length > 0, turn.Path),
                });
            }
        }

        // What is left of a turn once its results are pulled out. A call outside an assistant turn is nobody's: it goes.
        private Turn? Rest(Turn turn, int i)
        {
            var parts = new List<Part>(turn.Parts.Count);
            for (var j = 0; j < turn.Parts.Count; j++)
            {
                if (_orphans.TryGetValue((i, j), out var text))
                {
                    // What the orphan returned beside text stays beside the text.
                    parts.Add(text);
                    parts.AddRange(((ToolResultPart)turn.Parts[j]).Content.Where(static part => part is not TextPart));
                }
                else if (turn.Parts[j] is not ToolResultPart && (turn.Role == TurnRole.Assistant || turn.Parts[j] is not ToolCallPart))
                {
                    parts.Add(turn.Parts[j]);
                }
            }

            return parts.Count == 0 ? null
                : parts.Count == turn.Parts.Count && parts.SequenceEqual(turn.Parts) ? turn
                : turn with { Parts = parts };
        }

        private void EmitUnanswered(Turn turn, List<Turn> ordered)
        {
            losses.Add(turn.LossPath(), LossRule.Dropped);
            var parts = turn.Parts.Where(static part => part is not (ToolCallPart or ToolResultPart)).ToList();
            if (parts.Exists(static part => part is not (ReasoningPart or RedactedReasoningPart)))
            {
                ordered.Add(turn with { Parts = parts });
            }
        }

        private ToolResultPart ResultOf(Turn turn, int i, int j)
        {
            var call = (ToolCallPart)turn.Parts[j];
            if (_slots[(i, j)].Result is { } result)
            {
                return result;
            }

            losses.Add(turn.LossPath(), LossRule.Emulated);
            return new ToolResultPart(call.Id, call.Name, [new TextPart(NoResult)], IsError: true);
        }

        private static TextPart AsText(ToolResultPart result)
        {
            var label = result.Name.Length > 0 ? result.Name : result.CallId;
            var texts = result.Content.OfType<TextPart>().Select(static part => part.Text);
            return new TextPart(SliceText.Wrapped($"[result of tool {label}] ", SliceText.Joined(texts, "\n"), ""));
        }
    }
}
