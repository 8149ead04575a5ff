namespace Engine.Actors.Retries;

/// <summary>The one instant that an answer names (wire/mapping.md §7, "Retry timing"). Instants that have passed name nothing.</summary>
internal static class RetryTiming
{
    private static readonly TimeSpan MinuteQuota = TimeSpan.FromSeconds(60);

    // Google's own clients take a delay beyond this for the quota's reset; a shorter one beside a day's quota is only about the
    // next minute (wire/code-assist.md §4).
    private static readonly TimeSpan ShortDelay = TimeSpan.FromSeconds(300);

    private static readonly Lazy<TimeZoneInfo?> Pacific = new(FindPacific);

    public static DateTimeOffset? Until(in UpstreamOutcome outcome, Deadline deadline, DateTimeOffset now)
    {
        var named = deadline == Deadline.Latest ? Latest(outcome, now) : Named(outcome, now);
        return deadline switch
        {
            Deadline.GoogleDay => named - now > ShortDelay ? named : NextPacificMidnight(now),
            Deadline.BeijingDay => named ?? NextMidnight(now, TimeSpan.FromHours(8)),
            Deadline.Month => named ?? FirstOfNextMonth(now),
            _ => named ?? (outcome.Window == QuotaWindow.Minute ? now + MinuteQuota : null),
        };
    }

    /// <summary>The next midnight where Google's daily quotas turn; without time zones on the machine 08:00 UTC, at most an hour late.</summary>
    internal static DateTimeOffset NextPacificMidnight(DateTimeOffset now)
    {
        if (Pacific.Value is not { } zone)
        {
            return NextMidnight(now, TimeSpan.FromHours(-8));
        }

        var midnight = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(1);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>The next midnight at a fixed distance from UTC.</summary>
    internal static DateTimeOffset NextMidnight(DateTimeOffset now, TimeSpan offset) =>
        new DateTimeOffset(now.ToOffset(offset).Date.AddDays(1), offset).ToUniversalTime();

    private static DateTimeOffset FirstOfNextMonth(DateTimeOffset now)
    {
        var utc = now.UtcDateTime;
        return new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
    }

    private static DateTimeOffset? Named(in UpstreamOutcome outcome, DateTimeOffset now) =>
        Ahead(outcome.Signals.RetryAt, now)
        ?? Ahead(outcome.BodyRetryAt, now)
        ?? After(outcome.BodyRetryAfter, now)
        ?? LatestWindow(outcome.Signals, now, static window => window.Rejected)
        ?? LatestWindow(outcome.Signals, now, static window => window.Remaining == 0);

    private static DateTimeOffset? Latest(in UpstreamOutcome outcome, DateTimeOffset now)
    {
        DateTimeOffset? latest = null;
        foreach (var named in (ReadOnlySpan<DateTimeOffset?>)
            [
                Ahead(outcome.Signals.RetryAt, now),
                Ahead(outcome.BodyRetryAt, now),
                After(outcome.BodyRetryAfter, now),
                LatestWindow(outcome.Signals, now, static window => window.Rejected),
            ])
        {
            latest = latest is null || named > latest ? named ?? latest : latest;
        }

        return latest;
    }

    private static DateTimeOffset? LatestWindow(RateLimitSignals signals, DateTimeOffset now, Func<WindowCounter, bool> counts) =>
        signals.Windows.IsDefaultOrEmpty ? null : signals.Windows.Where(counts).Max(window => Ahead(window.ResetAt, now));

    private static DateTimeOffset? Ahead(DateTimeOffset? instant, DateTimeOffset now) => instant > now ? instant : null;

    private static DateTimeOffset? After(TimeSpan? wait, DateTimeOffset now) =>
        wait is { TotalSeconds: var seconds } ? HeaderTime.After(now, seconds) : null;

    private static TimeZoneInfo? FindPacific() => TimeZoneInfo.TryFindSystemTimeZoneById("America/Los_Angeles", out var zone) ? zone : null;
}
