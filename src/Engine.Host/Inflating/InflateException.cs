namespace Engine.Host.Inflating;

/// <summary>
/// How a coding gives up, from however deep inside its format. Never leaves this folder: <see cref="BodyInflater"/>
/// turns it into an <see cref="InflateFailure"/>.
/// </summary>
internal sealed class InflateException : Exception
{
    public InflateException(InflateFailureKind kind, string message)
        : base(message) => Kind = kind;

    public InflateException(string message, Exception innerException)
        : base(message, innerException) => Kind = InflateFailureKind.Corrupt;

    public InflateFailureKind Kind { get; }

    public static InflateException TooLarge(int limit) =>
        new(InflateFailureKind.TooLarge, $"The request body inflates to more than {limit} bytes.");
}
