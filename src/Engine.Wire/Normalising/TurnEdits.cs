using Engine.Wire.Completion.Request;

namespace Engine.Wire.Normalising;

/// <summary>Edits of immutable lists that share what they do not change.</summary>
internal static class TurnEdits
{
    /// <summary>Every element through <paramref name="edit"/>; null drops it. The same list when nothing changed.</summary>
    public static IReadOnlyList<T> Edit<T>(this IReadOnlyList<T> list, Func<T, T?> edit)
        where T : class
    {
        List<T>? edited = null;
        for (var i = 0; i < list.Count; i++)
        {
            var after = edit(list[i]);
            if (edited is null && ReferenceEquals(after, list[i]))
            {
                continue;
            }

            edited ??= [.. list.Take(i)];
            if (after is not null)
            {
                edited.Add(after);
            }
        }

        return edited ?? list;
    }

    /// <summary>Every turn through <paramref name="edit"/>; null drops it.</summary>
    public static CompletionRequest EditTurns(this CompletionRequest request, Func<Turn, Turn?> edit)
    {
        var turns = request.Turns.Edit(edit);
        return ReferenceEquals(turns, request.Turns) ? request : request with { Turns = turns };
    }

    /// <summary>Every part of a turn through <paramref name="edit"/>; null drops it.</summary>
    public static Turn EditParts(this Turn turn, Func<Part, Part?> edit)
    {
        var parts = turn.Parts.Edit(edit);
        return ReferenceEquals(parts, turn.Parts) ? turn : turn with { Parts = parts };
    }

    /// <summary>Every part of a turn, and of the tool results in it, through <paramref name="edit"/>; null drops it.</summary>
    public static Turn EditContent(this Turn turn, Func<Part, Part?> edit) => turn.EditParts(part =>
    {
        if (part is not ToolResultPart result)
        {
            return edit(part);
        }

        var content = result.Content.Edit(edit);
        return ReferenceEquals(content, result.Content) ? result : result with { Content = content };
    });

    /// <summary>True when any turn calls a tool.</summary>
    public static bool HoldsCalls(this CompletionRequest request) => request.Turns.Any(static turn => turn.HoldsCalls());

    /// <summary>True when the turn calls a tool.</summary>
    public static bool HoldsCalls(this Turn turn) => turn.Parts.Any(static part => part is ToolCallPart);

    /// <summary>True when the turn holds results of tools.</summary>
    public static bool HoldsResults(this Turn turn) => turn.Parts.Any(static part => part is ToolResultPart);
}
