using System.Globalization;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Anthropic;

/// <summary>
/// The table of models (wire/anthropic-messages.md §5). Data that ages: a row holds until the next version of its family.
/// </summary>
internal static class AnthropicModels
{
    private const int LongestVersionNumber = 2;

    private static readonly ReasoningLevel[] ToMax = [ReasoningLevel.Low, ReasoningLevel.Medium, ReasoningLevel.High, ReasoningLevel.Max];

    private static readonly ReasoningLevel[] AllEfforts =
        [ReasoningLevel.Low, ReasoningLevel.Medium, ReasoningLevel.High, ReasoningLevel.XHigh, ReasoningLevel.Max];

    // In rising order within a family.
    private static readonly AnthropicModel[] Rows =
    [
        Early("opus", 3, 0, 4_096),
        Budget("opus", 4, 0, 32_000),
        Budget("opus", 4, 5, 64_000) with { JsonSchema = true },
        Adaptive("opus", 4, 6) with { Efforts = ToMax, Sampling = true },
        Adaptive("opus", 4, 7),
        Adaptive("opus", 4, 8) with { MidSystem = true },
        Fifth("opus", 0),
        Fifth("opus", 5) with { Off = AnthropicThinkingOff.Never, ForcedChoice = AnthropicForcedChoice.No },
        Early("sonnet", 3, 0, 4_096),
        Early("sonnet", 3, 5, 8_192),
        Budget("sonnet", 3, 7, 64_000) with { MaxToolName = 64 },
        Budget("sonnet", 4, 0, 64_000),
        Budget("sonnet", 4, 5, 64_000) with { JsonSchema = true },
        Adaptive("sonnet", 4, 6) with { Efforts = ToMax, Sampling = true },
        Fifth("sonnet", 0),
        Fifth("sonnet", 5) with { Off = AnthropicThinkingOff.BetweenTools, ForcedChoice = AnthropicForcedChoice.No },
        Early("haiku", 3, 0, 4_096),
        Early("haiku", 3, 5, 8_192),
        Budget("haiku", 4, 5, 64_000) with { JsonSchema = true },
        Fifth("haiku", 5),
        Fifth("fable", 0) with { Off = AnthropicThinkingOff.Never },
        Fifth("fable", 1) with { Off = AnthropicThinkingOff.Never, ForcedChoice = AnthropicForcedChoice.No },
        Fifth("mythos", 0) with { Off = AnthropicThinkingOff.Never, ForcedChoice = AnthropicForcedChoice.No },
    ];

    // What no model of the newest generation refuses.
    private static readonly AnthropicModel Newest = Fifth("", 5) with
    {
        Off = AnthropicThinkingOff.Never,
        ForcedChoice = AnthropicForcedChoice.No,
    };

    /// <summary>
    /// The row of a model, under whichever name a host gives it (<c>claude-3-7-sonnet-20250219</c>, <c>claude-opus-4-1@20250805</c>,
    /// <c>us.anthropic.claude-sonnet-4-5-20250929-v1:0</c>). An unknown one gets the newest generation's.
    /// </summary>
    public static AnthropicModel Of(string model)
    {
        var (family, major, minor) = Parse(model);
        var rows = Array.FindAll(Rows, row => string.Equals(row.Family, family, StringComparison.Ordinal));
        return rows.Length == 0 || major < 0
            ? Newest
            : Array.FindLast(rows, row => (row.Major, row.Minor).CompareTo((major, minor)) <= 0) ?? rows[0];
    }

    private static (string Family, int Major, int Minor) Parse(string model)
    {
        var family = "";
        var numbers = new List<int>(2);
        var afterName = false;
        foreach (var word in model.ToLowerInvariant().Split(['-', '.', '@', ':', '/', '_']))
        {
            if (word is "claude" || Array.Exists(Rows, row => row.Family == word))
            {
                afterName = true;
                family = word is "claude" ? family : word;
            }
            else if (afterName && numbers.Count < 2 && word.Length <= LongestVersionNumber
                && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
            else if (numbers.Count > 0)
            {
                // A date or a host's revision: what follows is no version.
                afterName = false;
            }
        }

        return (family, numbers.Count > 0 ? numbers[0] : -1, numbers.Count > 1 ? numbers[1] : 0);
    }

    private static AnthropicModel Early(string family, int major, int minor, long maxOutput) => new(family, major, minor, maxOutput)
    {
        Thinking = ReasoningControl.None,
        Off = AnthropicThinkingOff.Omitted,
        Sampling = true,
        Prefill = true,
        MaxToolName = 64,
    };

    private static AnthropicModel Budget(string family, int major, int minor, long maxOutput) => new(family, major, minor, maxOutput)
    {
        Thinking = ReasoningControl.Budget,
        Off = AnthropicThinkingOff.Omitted,
        Sampling = true,
        Prefill = true,
        ForcedChoice = AnthropicForcedChoice.WithoutThinking,
    };

    private static AnthropicModel Adaptive(string family, int major, int minor) => new(family, major, minor, 128_000)
    {
        Efforts = AllEfforts,
        JsonSchema = true,
    };

    private static AnthropicModel Fifth(string family, int minor) =>
        Adaptive(family, 5, minor) with { ThinksByDefault = true, MidSystem = true };
}
