using Engine.Actors.Retries;

namespace Engine.Host.Exchange;

/// <summary>How a failure reaches the client.</summary>
internal enum ReportForm
{
    /// <summary>As an HTTP error with the dialect's body.</summary>
    HttpError,

    /// <summary>As the dialect's in-stream error event, after which the stream ends.</summary>
    StreamError,
}

/// <summary>
/// The one place that says what may still be done with a request. A table of commit point and failure:
/// <code>
///                  replay on a fresh connection   another account        report
/// nothing sent     yes                            yes                    HTTP error
/// sent upstream    a reused connection was reset  as the verdict advises HTTP error
/// headers out      same                           as the verdict advises in-stream error
/// content out      never                          never                  in-stream error
/// </code>
/// </summary>
internal static class CommitRules
{
    /// <summary>True when the same account may be called once more on a fresh connection.</summary>
    /// <param name="point">How far the request has gone.</param>
    /// <param name="connectionReused">True when the connection that failed had served a request before.</param>
    /// <param name="responseBegan">True when any byte of a response arrived.</param>
    public static bool MayReplay(CommitPoint point, bool connectionReused, bool responseBegan) =>
        point < CommitPoint.ContentOut && connectionReused && !responseBegan;

    /// <summary>True when another account may be tried.</summary>
    public static bool MayTryElsewhere(CommitPoint point, in Verdict verdict) => point < CommitPoint.ContentOut && verdict.Retry != RetryAdvice.GiveUp;

    /// <summary>How a failure that is not retried reaches the client.</summary>
    public static ReportForm Report(CommitPoint point) => point < CommitPoint.HeadersOut ? ReportForm.HttpError : ReportForm.StreamError;
}
