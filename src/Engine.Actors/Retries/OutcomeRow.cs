using System.Collections.Frozen;

namespace Engine.Actors.Retries;

/// <summary>Something about an outcome that is neither status nor code nor words.</summary>
internal enum Circumstance
{
    Any,
    Html,
    ThroughProxy,
    AccountWindowRejected,
    AccountWindowSpent,
    ModelWindowRejected,
    Day,
    Longer,
}

/// <summary>Where the instant of a verdict comes from.</summary>
internal enum Deadline
{
    /// <summary>Headers and body in the order of wire/mapping.md §7, a minute for a minute's quota.</summary>
    Named,

    /// <summary>The latest of everything named: all rejected windows must be over.</summary>
    Latest,

    /// <summary>As named, else the next midnight where Google's quotas turn.</summary>
    GoogleDay,

    /// <summary>As named, else the next midnight in Beijing.</summary>
    BeijingDay,

    /// <summary>As named, else the first of the next month, UTC.</summary>
    Month,
}

/// <summary>One row of the classification table: what it asks for, and what it answers. A member that is not set asks for nothing.</summary>
internal sealed record OutcomeRow
{
    private readonly FrozenSet<string>? _dialects;

    /// <summary>The row's name in tests, and the verdict's reason.</summary>
    public required string Reason { get; init; }

    /// <summary>Config words of dialects, separated by blanks.</summary>
    public string? Dialects
    {
        get => _dialects is null ? null : string.Join(' ', _dialects);
        init => _dialects = value?.Split(' ').ToFrozenSet(StringComparer.Ordinal);
    }

    public FailureKind? Kind { get; init; }

    /// <summary>An HTTP status, or its first digit for all of a class.</summary>
    public int Status { get; init; }

    /// <summary>Part of the provider's code.</summary>
    public string? Code { get; init; }

    /// <summary>Part of the provider's words; with a leading ^ their beginning.</summary>
    public string? Words { get; init; }

    public Circumstance Circumstance { get; init; }

    public required Culprit Culprit { get; init; }

    public Measure Measure { get; init; }

    public Scope Scope { get; init; }

    public Accounts.CoolingCause? Cause { get; init; }

    public RetryAdvice Retry { get; init; } = RetryAdvice.Elsewhere;

    public Deadline Deadline { get; init; }

    public bool Fits(in UpstreamOutcome outcome) =>
        (Kind is null || Kind == outcome.Kind)
        && (Status == 0 || Status == outcome.Status || Status == outcome.Status / 100)
        && (_dialects is null || _dialects.Contains(outcome.Dialect))
        && (Code is null || (outcome.Code is { } code && code.Contains(Code, StringComparison.OrdinalIgnoreCase)))
        && IsThere(outcome)
        && (Words is null || (outcome.Message is { } message && Says(message, Words)));

    private bool IsThere(in UpstreamOutcome outcome) => Circumstance switch
    {
        Circumstance.Any => true,
        Circumstance.Html => outcome.IsHtml,
        Circumstance.ThroughProxy => outcome.ThroughProxy,
        Circumstance.Day => outcome.Window == QuotaWindow.Day,
        Circumstance.Longer => outcome.Window == QuotaWindow.Longer,
        Circumstance.AccountWindowRejected => HasWindow(outcome, static window => window is { Rejected: true, Kind: WindowKind.Session or WindowKind.Week }),
        Circumstance.AccountWindowSpent => HasWindow(outcome, static window => window is { Remaining: 0, Kind: WindowKind.Session or WindowKind.Week }),
        _ => HasWindow(outcome, static window => window is { Rejected: true, Kind: WindowKind.ModelWeek }),
    };

    private static bool HasWindow(in UpstreamOutcome outcome, Func<WindowCounter, bool> condition) =>
        !outcome.Signals.Windows.IsDefaultOrEmpty && outcome.Signals.Windows.Any(condition);

    private static bool Says(string message, string words)
    {
        var text = message.AsSpan(0, Math.Min(message.Length, OutcomeClassifier.LongestMessage));
        if (words[0] == '^')
        {
            return text.StartsWith(words.AsSpan(1), StringComparison.OrdinalIgnoreCase);
        }

        var at = text.IndexOf(words, StringComparison.OrdinalIgnoreCase);

        // "limit: 0" is not "limit: 0.5".
        return at >= 0 && !(char.IsAsciiDigit(words[^1]) && GoesOn(text[(at + words.Length)..]));
    }

    private static bool GoesOn(ReadOnlySpan<char> rest) =>
        !rest.IsEmpty && (char.IsAsciiDigit(rest[0]) || (rest.Length > 1 && rest[0] is '.' or ',' && char.IsAsciiDigit(rest[1])));
}
