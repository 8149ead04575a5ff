using System.Collections.Immutable;

namespace Engine.Actors.Retries;

/// <summary>
/// Reads what response headers say about limits (wire/openai-chat.md §7, wire/anthropic-messages.md §8, wire/codex-backend.md).
/// What cannot be read says nothing. Pure; allocates only when a window is told about.
/// </summary>
public static class RateLimitHeaders
{
    /// <summary>The signals of one answer.</summary>
    /// <param name="dialect">The upstream's dialect, by its config word.</param>
    /// <param name="header">The value of a header by its lower-case name; null when it is absent.</param>
    /// <param name="now">The present; relative times become instants by it.</param>
    public static RateLimitSignals Read(string dialect, Func<string, string?> header, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(header);
        var found = default(Found);
        switch (dialect)
        {
            case "anthropic":
                Unified(header, now, ref found);
                Windows(header, Anthropic, now, ref found);
                break;
            case "codex":
                CodexWindow(header, CodexPrimary, now, ref found);
                CodexWindow(header, CodexSecondary, now, ref found);
                Windows(header, OpenAi, now, ref found);
                break;
            case "gemini" or "code-assist" or "kiro":
                break;
            default:
                Windows(header, OpenAi, now, ref found);
                break;
        }

        return new RateLimitSignals(RetryAt(header, now), found.ToWindows());
    }

    // Of the first two the reset is the time to a full bucket, the last is a window of some compatible servers.
    private static readonly (WindowKind Kind, bool IsBucket, string Limit, string Remaining, string Reset)[] OpenAi =
    [
        (WindowKind.Requests, true, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        (WindowKind.Tokens, true, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        (WindowKind.Requests, false, "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    ];

    private static readonly (WindowKind Kind, bool IsBucket, string Limit, string Remaining, string Reset)[] Anthropic =
    [
        .. from each in ((WindowKind Kind, string Name)[])
            [
                (WindowKind.Requests, "requests"), (WindowKind.Tokens, "tokens"),
                (WindowKind.InputTokens, "input-tokens"), (WindowKind.OutputTokens, "output-tokens"),
            ]
           let prefix = "anthropic-ratelimit-" + each.Name
           select (each.Kind, true, prefix + "-limit", prefix + "-remaining", prefix + "-reset"),
    ];

    private static readonly (WindowKind Kind, string Status, string Utilization, string Reset)[] Subscription =
    [
        .. from each in ((WindowKind Kind, string Name)[])[(WindowKind.Session, "5h"), (WindowKind.Week, "7d"), (WindowKind.ModelWeek, "7d_oi")]
           let prefix = "anthropic-ratelimit-unified-" + each.Name
           select (each.Kind, prefix + "-status", prefix + "-utilization", prefix + "-reset"),
    ];

    private static readonly CodexNames CodexPrimary = new(WindowKind.Session, "x-codex-primary");

    private static readonly CodexNames CodexSecondary = new(WindowKind.Week, "x-codex-secondary");

    private static DateTimeOffset? RetryAt(Func<string, string?> header, DateTimeOffset now) =>
        header("retry-after-ms") is { } milliseconds && HeaderTime.Number(milliseconds) is { } wait
            ? HeaderTime.After(now, wait / 1000)
            : header("retry-after") is { } after ? HeaderTime.RetryAfter(after, now) : null;

    private static void Windows(
        Func<string, string?> header,
        (WindowKind Kind, bool IsBucket, string Limit, string Remaining, string Reset)[] windows,
        DateTimeOffset now,
        ref Found found)
    {
        foreach (var (kind, isBucket, limit, remaining, reset) in windows)
        {
            if (header(remaining) is { } left && HeaderTime.Count(left) is { } count)
            {
                var size = HeaderTime.Count(header(limit)) ?? -1;
                var resetAt = HeaderTime.Reset(header(reset), now);
                found.Add(isBucket ? WindowCounter.Bucket(kind, size, count, resetAt, now) : new WindowCounter(kind, size, count, resetAt, Rejected: false));
            }
        }
    }

    private static void Unified(Func<string, string?> header, DateTimeOffset now, ref Found found)
    {
        if (header("anthropic-ratelimit-unified-status") is not { } status)
        {
            return;
        }

        var isNamed = false;
        foreach (var (kind, ownStatus, utilization, reset) in Subscription)
        {
            if (header(ownStatus) is { } own)
            {
                var isRejected = IsRejected(own);
                isNamed |= isRejected;

                // An account may go on beyond 100 % when it pays for it: the status counts, not the share.
                var left = isRejected ? 0 : Math.Max(Share(HeaderTime.Number(header(utilization)) * 100) ?? -1, 1);
                var isKnown = isRejected || HeaderTime.Number(header(utilization)) is not null;
                found.Add(new WindowCounter(kind, 100, isKnown ? left : -1, HeaderTime.Reset(header(reset), now), isRejected));
            }
        }

        if (IsRejected(status) && !isNamed)
        {
            var kind = header("anthropic-ratelimit-unified-representative-claim") switch
            {
                "seven_day" => WindowKind.Week,
                _ => WindowKind.Session,
            };
            found.Add(new WindowCounter(kind, 100, 0, HeaderTime.Reset(header("anthropic-ratelimit-unified-reset"), now), Rejected: true));
        }
    }

    private static void CodexWindow(Func<string, string?> header, CodexNames names, DateTimeOffset now, ref Found found)
    {
        if (HeaderTime.Number(header(names.UsedPercent)) is not { } used)
        {
            return;
        }

        var left = Share(used) ?? -1;
        if (left == 0 && (IsTrue(header("x-codex-credits-has-credits")) || IsTrue(header("x-codex-credits-unlimited"))))
        {
            left = 1;
        }

        var kind = HeaderTime.Number(header(names.WindowMinutes)) is { } minutes
            ? minutes > 24 * 60 ? WindowKind.Week : WindowKind.Session
            : names.Usual;
        var resetAt = HeaderTime.Reset(header(names.ResetAt), now)
            ?? (HeaderTime.Number(header(names.ResetAfter)) is { } seconds ? HeaderTime.After(now, seconds) : null);
        found.Add(new WindowCounter(kind, 100, left, resetAt, Rejected: false));
    }

    // What is left of 100 %, in whole percent; nothing only when all is used.
    private static long? Share(double? usedPercent) =>
        usedPercent is { } used && used >= 0 ? (long)Math.Ceiling(Math.Clamp(100 - used, 0, 100)) : null;

    private static bool IsRejected(string status) => status.Trim().Equals("rejected", StringComparison.OrdinalIgnoreCase);

    private static bool IsTrue(string? value) => value is not null && value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);

    private sealed class CodexNames(WindowKind usual, string prefix)
    {
        public WindowKind Usual => usual;

        public string UsedPercent { get; } = prefix + "-used-percent";

        public string WindowMinutes { get; } = prefix + "-window-minutes";

        public string ResetAt { get; } = prefix + "-reset-at";

        public string ResetAfter { get; } = prefix + "-reset-after-seconds";
    }

    private struct Found
    {
        private ImmutableArray<WindowCounter>.Builder? _windows;

        public void Add(WindowCounter window) => (_windows ??= ImmutableArray.CreateBuilder<WindowCounter>(4)).Add(window);

        public readonly ImmutableArray<WindowCounter> ToWindows() => _windows?.ToImmutable() ?? default;
    }
}
