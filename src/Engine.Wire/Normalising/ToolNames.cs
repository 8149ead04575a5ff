using System.Security.Cryptography;
using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Tool names that the target refuses are replaced, in definitions, tool choice and history alike, and restored in the answer
/// (wire/mapping.md §2.2, pitfall 86). A pure function of the names in the request.
/// </summary>
internal static class ToolNames
{
    private const int HashDigits = 8;

    /// <summary>Renames, and adds the repair of the answer.</summary>
    public static CompletionRequest Apply(
        CompletionRequest request,
        TargetCapabilities target,
        LossLedger losses,
        ICollection<Func<ICompletionSink, ICompletionSink>> repairs)
    {
        var renamed = Rename(NamesOf(request), target.Tools);
        if (renamed.Count == 0)
        {
            return request;
        }

        var restored = renamed.Select(static pair => KeyValuePair.Create(Encoding.UTF8.GetBytes(pair.Value), JsonStrings.Escape(pair.Key)));
        var pairs = restored.ToArray();
        repairs.Add(sink => new ToolNameSink(sink, pairs));

        string Of(string name) => renamed.GetValueOrDefault(name, name);
        bool IsRenamed(ToolDefinition tool) => tool.HostedKind == HostedToolKind.None && renamed.ContainsKey(tool.Name);
        foreach (var tool in request.Tools.Where(IsRenamed))
        {
            losses.Add(tool.LossPath(), LossRule.Emulated);
        }

        return request.EditTurns(turn => turn.EditParts(part => part switch
        {
            ToolCallPart call when renamed.ContainsKey(call.Name) => call with { Name = Of(call.Name) },
            ToolResultPart result when renamed.ContainsKey(result.Name) => result with { Name = Of(result.Name) },
            _ => part,
        })) with
        {
            Tools = request.Tools.Edit(tool => IsRenamed(tool) ? tool with { Name = Of(tool.Name) } : tool),
            ToolChoice = request.ToolChoice with
            {
                Name = Of(request.ToolChoice.Name),
                Allowed = [.. request.ToolChoice.Allowed.Select(Of)],
            },
        };
    }

    private static IEnumerable<string> NamesOf(CompletionRequest request) => request.Tools
        .Where(static tool => tool.HostedKind == HostedToolKind.None)
        .Select(static tool => tool.Name)
        .Concat(request.Turns.SelectMany(static turn => turn.Parts).Select(static part => part switch
        {
            ToolCallPart call => call.Name,
            ToolResultPart { Name.Length: > 0 } result => result.Name,
            _ => null,
        }).OfType<string>())
        .Distinct(StringComparer.Ordinal);

    // Only the names that change.
    private static Dictionary<string, string> Rename(IEnumerable<string> names, ToolRules rules)
    {
        var groups = names.GroupBy(name => Legal(name, rules), StringComparer.Ordinal).ToList();
        var taken = groups.Select(static group => group.Key).ToHashSet(StringComparer.Ordinal);
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var originals = group.ToList();
            if (originals.Count == 1)
            {
                Note(originals[0], group.Key);
                continue;
            }

            foreach (var original in originals)
            {
                var salted = original;
                var name = Hashed(group.Key, salted, rules);
                while (!taken.Add(name))
                {
                    salted += "#";
                    name = Hashed(group.Key, salted, rules);
                }

                Note(original, name);
            }
        }

        return renamed;

        void Note(string original, string name)
        {
            if (original != name)
            {
                renamed.Add(original, name);
            }
        }
    }

    private static string Legal(string name, ToolRules rules)
    {
        var legal = string.Create(name.Length, (name, rules), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var each = state.name[i];
                span[i] = char.IsAsciiLetterOrDigit(each) || each == '_' || state.rules.ExtraNameCharacters.Contains(each) ? each : '_';
            }
        });
        if (legal.Length == 0 || (rules.NameStartsWithLetter && !char.IsAsciiLetter(legal[0]) && legal[0] != '_'))
        {
            legal = "_" + legal;
        }

        return legal.Length <= rules.MaxNameLength ? legal : Hashed(legal, name, rules);
    }

    private static string Hashed(string legal, string original, ToolRules rules)
    {
        var kept = Math.Min(legal.Length, rules.MaxNameLength - HashDigits - 1);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(original)).AsSpan(0, HashDigits / 2);
        return $"{legal.AsSpan(0, kept)}_{Convert.ToHexStringLower(hash)}";
    }
}
