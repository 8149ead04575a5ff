using System.Text.Json.Serialization;
using Engine.Actors.Accounts;

namespace Engine.Actors.Rotation;

/// <summary>Something that happened in a pool.</summary>
/// <param name="At">When.</param>
public abstract record PoolEvent(DateTimeOffset At)
{
    /// <summary>A strategy that stays on an account moved to another one.</summary>
    /// <param name="At">When.</param>
    /// <param name="From">The account it was on.</param>
    /// <param name="To">The account it is on now.</param>
    /// <param name="Why">A closed word: <c>request_count</c>, or what stood in the way.</param>
    public sealed record Rotated(DateTimeOffset At, AccountId From, AccountId To, string Why) : PoolEvent(At);

    /// <summary>A request was tried again on another account.</summary>
    /// <param name="At">When.</param>
    /// <param name="RequestId">The request.</param>
    /// <param name="From">The account that failed.</param>
    /// <param name="To">The account that was called then.</param>
    /// <param name="Why">The verdict's word.</param>
    public sealed record Retried(DateTimeOffset At, string RequestId, AccountId From, AccountId To, string Why) : PoolEvent(At);
}

/// <summary>What a pool remembers across restarts.</summary>
/// <param name="Current">The account it stays on; null before its first move.</param>
public sealed record PoolState(AccountId? Current)
{
    /// <summary>A pool without history.</summary>
    public static readonly PoolState New = new((AccountId?)null);

    /// <summary>The state after an event.</summary>
    public PoolState After(PoolEvent happened) => happened is PoolEvent.Rotated rotated ? new PoolState(rotated.To) : this;
}

/// <summary>A pool's events and state as the journal keeps them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PoolEvent.Rotated))]
[JsonSerializable(typeof(PoolEvent.Retried))]
[JsonSerializable(typeof(PoolState))]
internal sealed partial class PoolJson : JsonSerializerContext;
