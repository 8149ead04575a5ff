namespace Engine.Wire.Completion;

/// <summary>A failure as a value: what an upstream (or the engine) says to the client. Never holds a secret or an upstream address.</summary>
/// <param name="Kind">What drives code, status and type.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record UpstreamError(ErrorKind Kind, string Message)
{
    /// <summary>The HTTP status the upstream answered with; 0 when there was none.</summary>
    public int UpstreamStatus { get; init; }

    /// <summary>The upstream's own code or type, for logs and classification.</summary>
    public string? Code { get; init; }

    /// <summary>The request field at fault, in the client's own terms.</summary>
    public string? Param { get; init; }

    /// <summary>How long the upstream asks to wait, when it says so in the body.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// When the upstream says in the body that the limit opens again, in seconds since 1970-01-01 UTC; null when it does not. May lie
    /// in the past. Where <see cref="RetryAfter"/> stands beside it, both name the same instant, as the upstream's clock has it.
    /// </summary>
    public long? ResetsAtUnixSeconds { get; init; }

    /// <summary>The window of the limit that was hit (wire/mapping.md §7): unknown for kinds that are no limit. Never shown to clients.</summary>
    public QuotaWindow Window { get; init; }
}
