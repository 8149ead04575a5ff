namespace Engine.Wire.Completion.Request;

/// <summary>
/// A client's request that cannot be read. Thrown by request readers and passes, caught in one place, where it becomes an error
/// in the client's dialect.
/// </summary>
public sealed class RequestRejectedException : Exception
{
    /// <summary>Names the field and what is wrong with it.</summary>
    /// <param name="kind">Decides status and type.</param>
    /// <param name="param">The field in the client's own terms; empty for the body as a whole.</param>
    /// <param name="message">One sentence that names the field.</param>
    public RequestRejectedException(ErrorKind kind, string param, string message)
        : base(message) => Rejection = new UpstreamError(kind, message) { Param = param.Length == 0 ? null : param };

    /// <summary>The error to write.</summary>
    public UpstreamError Rejection { get; }
}
