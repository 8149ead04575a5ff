using System.Globalization;
using Engine.Actors.Retries;
using Engine.Actors.Rotation;
using Engine.Wire.Completion;

namespace Engine.Host.Exchange;

/// <summary>What a client hears when no account can be called: the honest reason, and the soonest instant worth another try.</summary>
internal static class LeaseRefusal
{
    /// <summary>The error.</summary>
    /// <param name="model">The name the client asked for.</param>
    /// <param name="refusal">The pool's answer.</param>
    /// <param name="failure">The last account's failure in this request; null when none was called.</param>
    /// <param name="verdict">What that failure meant.</param>
    /// <param name="now">Now.</param>
    public static UpstreamError Of(string model, in LeaseResult refusal, UpstreamError? failure, in Verdict verdict, DateTimeOffset now)
    {
        TimeSpan? wait = refusal.Answer is LeaseAnswer.WaitUntil or LeaseAnswer.Refused
            ? TimeSpan.FromTicks(Math.Max(refusal.UsableAt - now.UtcTicks, TimeSpan.TicksPerSecond))
            : null;

        // A provider's own failure says more than that its accounts now rest because of it.
        if (failure is not null && (verdict.Culprit != Culprit.Account || wait is null))
        {
            return wait is null ? failure : failure with { RetryAfter = wait };
        }

        if (refusal.Answer == LeaseAnswer.Refused)
        {
            return new UpstreamError(ErrorKind.RateLimit, $"As many requests as may wait for an account of the model '{model}' already do (engine.routing.queue-capacity).")
            {
                RetryAfter = wait,
            };
        }

        var (kind, why) = Words(refusal.Reason);
        var soonest = wait is { } some ? string.Create(CultureInfo.InvariantCulture, $" The first can be called again in {Math.Ceiling(some.TotalSeconds)} s.") : "";
        var said = failure is null ? "" : " The last one said: " + failure.Message;
        return new UpstreamError(failure?.Kind ?? kind, $"No account can serve the model '{model}' now: {why}.{soonest}{said}") { RetryAfter = wait };
    }

    private static (ErrorKind Kind, string Why) Words(PassedOver reason) => reason switch
    {
        PassedOver.Cooling or PassedOver.ProbeOut or PassedOver.FewLeft or PassedOver.UnderReview => (ErrorKind.RateLimit, "all of them are cooling"),
        PassedOver.Failing => (ErrorKind.Overloaded, "their provider fails or is overloaded"),
        PassedOver.Exhausted => (ErrorKind.RateLimit, "their quotas are used up"),
        PassedOver.RequestLimit or PassedOver.TokenLimit or PassedOver.ConcurrencyLimit or PassedOver.OthersWait =>
            (ErrorKind.RateLimit, "their configured limits are reached"),
        PassedOver.AuthenticationFailed or PassedOver.Refreshing => (ErrorKind.UpstreamCredential, "the provider refuses their credentials"),
        PassedOver.Suspended => (ErrorKind.Overloaded, "an operator has suspended them"),
        _ => (ErrorKind.Overloaded, "none is configured and usable"),
    };
}
