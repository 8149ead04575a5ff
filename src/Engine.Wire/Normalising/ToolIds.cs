using System.Globalization;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>
/// Gives every call an id that the target takes and every result the id of its call (wire/mapping.md §2.6): missing ids are made
/// and paired by order, illegal ones rewritten, repeated ones numbered. Pure: the same history gives the same ids each turn.
/// </summary>
internal static class ToolIds
{
    /// <summary>Rewrites ids, and fills in the names of results where the target needs them.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, LossLedger _)
    {
        var pairing = new Pairing(target.Tools);
        return request.EditTurns(turn =>
        {
            pairing.Enter(turn.Role);
            return turn.EditParts(pairing.Edit);
        });
    }

    private sealed class Call(string original, string id, string name)
    {
        public string Original => original;

        public string Id => id;

        public string Name => name;

        public bool Answered { get; set; }
    }

    // The calls of one step that share an id or a name, in order; those before Next are answered.
    private sealed class Queue(int step)
    {
        private readonly List<Call> _calls = [];
        private int _next;

        public int Step => step;

        public void Add(Call call) => _calls.Add(call);

        public Call Last => _calls[^1];

        public Call? NextUnanswered()
        {
            while (_next < _calls.Count && _calls[_next].Answered)
            {
                _next++;
            }

            return _next < _calls.Count ? _calls[_next] : null;
        }
    }

    private sealed class Pairing(ToolRules rules)
    {
        private readonly Dictionary<string, Queue> _byId = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Queue> _byName = new(StringComparer.Ordinal);
        private readonly HashSet<string> _used = new(StringComparer.Ordinal);
        private readonly HashSet<string> _usedInStep = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _repeats = new(StringComparer.Ordinal);
        private Queue _ofStep = new(0);
        private bool _inStep;
        private int _step;
        private int _ordinal;

        // Neighbouring assistant turns are one step: some clients send every streamed part as a turn of its own.
        public void Enter(TurnRole role)
        {
            if (role == TurnRole.Assistant && !_inStep)
            {
                _step++;
                _ofStep = new Queue(_step);
                _usedInStep.Clear();
            }

            _inStep = role switch { TurnRole.Assistant => true, TurnRole.User => false, _ => _inStep };
        }

        public Part Edit(Part part) => part switch
        {
            ToolCallPart call => Edit(call),
            ToolResultPart result => Edit(result),
            _ => part,
        };

        private ToolCallPart Edit(ToolCallPart part)
        {
            var id = Unique(Portable(part));
            var call = new Call(part.Id, id, part.Name);
            Add(_byName, part.Name, call);
            _ofStep.Add(call);
            if (part.Id.Length > 0)
            {
                Add(_byId, part.Id, call);
            }

            _ordinal++;
            return id == part.Id ? part : part with { Id = id };
        }

        private ToolResultPart Edit(ToolResultPart part)
        {
            var call = CallOf(part);
            if (call is not null)
            {
                call.Answered = true;
            }

            var id = call?.Id ?? part.CallId;
            var name = part.Name.Length == 0 && rules.ResultsNeedName ? call?.Name ?? part.CallId : part.Name;
            return id == part.CallId && name == part.Name ? part : part with { CallId = id, Name = name };
        }

        private Call? CallOf(ToolResultPart result)
        {
            if (result.CallId.Length > 0 && _byId.TryGetValue(result.CallId, out var same))
            {
                return same.NextUnanswered() ?? same.Last;
            }

            var queue = result.Name.Length == 0 ? _ofStep : _byName.GetValueOrDefault(result.Name);
            var next = queue?.NextUnanswered();
            return next is not null && (result.CallId.Length == 0 || next.Original.Length == 0) ? next : null;
        }

        private void Add(Dictionary<string, Queue> queues, string key, Call call)
        {
            if (!queues.TryGetValue(key, out var queue) || queue.Step != _step)
            {
                queues[key] = queue = new Queue(_step);
            }

            queue.Add(call);
        }

        private string Portable(ToolCallPart call) => (call.Id.Length, rules.MaxIdLength) switch
        {
            // A space makes the id illegal, so that it is always hashed.
            (0, var length) => CallIds.Portable(string.Create(CultureInfo.InvariantCulture, $"{_ordinal} {call.Name}"), Longest(length)),
            (_, 0) => call.Id,
            (_, var length) => CallIds.Portable(call.Id, length),
        };

        private string Unique(string id)
        {
            var isFresh = _used.Add(id);
            if (isFresh || (!rules.UniqueIds && !_usedInStep.Contains(id)))
            {
                _usedInStep.Add(id);
                return id;
            }

            var count = _repeats.GetValueOrDefault(id, 1);
            string numbered;
            do
            {
                count++;
                numbered = CallIds.Portable(string.Create(CultureInfo.InvariantCulture, $"{id}_{count}"), Longest(rules.MaxIdLength));
            }
            while (!_used.Add(numbered));
            _repeats[id] = count;
            _usedInStep.Add(numbered);
            return numbered;
        }

        private static int Longest(int length) => length == 0 ? int.MaxValue : length;
    }
}
