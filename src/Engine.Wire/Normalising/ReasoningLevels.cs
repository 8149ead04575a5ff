using Engine.Wire.Completion.Request;

namespace Engine.Wire.Normalising;

/// <summary>Levels and budgets, one table both ways (wire/mapping.md §3.2).</summary>
internal static class ReasoningLevels
{
    private static readonly (ReasoningLevel Level, long Budget)[] Table =
    [
        (ReasoningLevel.None, 0),
        (ReasoningLevel.Minimal, 512),
        (ReasoningLevel.Low, 1024),
        (ReasoningLevel.Medium, 8192),
        (ReasoningLevel.High, 24576),
        (ReasoningLevel.XHigh, 32768),
        (ReasoningLevel.Max, 128000),
    ];

    /// <summary>The budget of a level.</summary>
    public static long BudgetOf(ReasoningLevel level) => Table[(int)level].Budget;

    /// <summary>The level of a budget; above <c>high</c> everything is <c>xhigh</c>.</summary>
    public static ReasoningLevel LevelOf(long budget)
    {
        foreach (var (level, most) in Table.AsSpan(0, (int)ReasoningLevel.XHigh))
        {
            if (budget <= most)
            {
                return level;
            }
        }

        return ReasoningLevel.XHigh;
    }

    /// <summary>The nearest of the levels given, ties upward; the level itself when none are given.</summary>
    public static ReasoningLevel Nearest(ReasoningLevel level, IReadOnlyList<ReasoningLevel> levels) => levels.Count == 0
        ? level
        : levels.OrderBy(each => Math.Abs(each - level)).ThenByDescending(static each => each).First();
}
