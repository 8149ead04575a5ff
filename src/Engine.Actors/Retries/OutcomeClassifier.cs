namespace Engine.Actors.Retries;

/// <summary>
/// Whose fault an upstream's answer is and what follows from it. Pure: one table (<see cref="OutcomeTable"/>), read from the
/// top, the first row that fits decides.
/// </summary>
public static class OutcomeClassifier
{
    /// <summary>How many characters of the provider's words are looked at.</summary>
    internal const int LongestMessage = 4_000;

    private static readonly Verdict Success = new(Culprit.Nobody, Measure.Free, Scope.Model, null, RetryAdvice.GiveUp, null, "success");

    /// <summary>The verdict on one outcome. Allocates nothing for a success.</summary>
    /// <param name="outcome">How the call ended.</param>
    /// <param name="now">The present; delays become instants by it.</param>
    public static Verdict Classify(in UpstreamOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Kind == FailureKind.None)
        {
            return Success;
        }

        var row = RowOf(outcome);
        return new Verdict(
            row.Culprit,
            row.Measure,
            row.Scope,
            row.Cause,
            row.Retry,
            row.Measure is Measure.Cool or Measure.Exhaust ? RetryTiming.Until(outcome, row.Deadline, now) : null,
            row.Reason);
    }

    /// <summary>The row that decides on a failure.</summary>
    internal static OutcomeRow RowOf(in UpstreamOutcome outcome)
    {
        foreach (var row in OutcomeTable.Rows)
        {
            if (row.Fits(outcome))
            {
                return row;
            }
        }

        return OutcomeTable.Unexplained;
    }
}
