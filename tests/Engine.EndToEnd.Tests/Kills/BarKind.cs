namespace Engine.EndToEnd.Tests.Kills;

/// <summary>Ways an upstream bars an account or one of its models.</summary>
internal enum BarKind
{
    /// <summary>429 with <c>retry-after</c> in seconds, or Google's RetryInfo.</summary>
    RateLimit,

    /// <summary>The same in milliseconds.</summary>
    RateLimitMilliseconds,

    /// <summary>503 or 529 with <c>retry-after</c>.</summary>
    Overload,

    /// <summary>A 200 whose first events are an overload; no instant is named.</summary>
    OverloadInStream,

    /// <summary>A quota of a day, a session or money.</summary>
    Quota,

    /// <summary>401.</summary>
    Credential,
}
