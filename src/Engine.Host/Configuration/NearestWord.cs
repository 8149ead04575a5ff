namespace Engine.Host.Configuration;

/// <summary>The word somebody probably meant.</summary>
internal static class NearestWord
{
    /// <summary>The word with the fewest edits between; null when there is none at all.</summary>
    public static string? Of(string written, IEnumerable<string> words) =>
        words.OrderBy(word => Distance(written.ToLowerInvariant(), word.ToLowerInvariant()))
            .ThenBy(word => word, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that make one of the other.</summary>
    public static int Distance(string a, string b)
    {
        // Nobody mistypes a key of that length; the table stays small.
        if (a.Length > 64 || b.Length > 64)
        {
            return Math.Max(a.Length, b.Length);
        }

        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                var replaced = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replaced, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
