using System.Diagnostics.CodeAnalysis;

namespace Engine.Host.Inflating;

/// <summary>Either an inflated body, which the receiver now owns and disposes, or the reason why there is none.</summary>
internal readonly struct InflateResult
{
    private InflateResult(PooledBody? body, InflateFailure? failure) => (Body, Failure) = (body, failure);

    public PooledBody? Body { get; }

    public InflateFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Body))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Body is not null;

    public static InflateResult Of(PooledBody body) => new(body, null);

    public static InflateResult Of(InflateFailure failure) => new(null, failure);
}
