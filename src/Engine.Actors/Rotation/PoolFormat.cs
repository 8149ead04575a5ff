using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Engine.Actors.Persistence;

namespace Engine.Actors.Rotation;

/// <summary>A pool's events and state as the journal keeps them.</summary>
public sealed class PoolFormat : IEventFormat<PoolEvent, PoolState>
{
    /// <summary>The one instance; stateless.</summary>
    public static readonly PoolFormat Instance = new();

    private const string RotatedManifest = "pool.rotated/1";
    private const string RetriedManifest = "pool.retried/1";
    private const string StateManifest = "pool-state/1";

    /// <summary>True for the manifests of a pool's events and state.</summary>
    public static bool IsKnown(string manifest) => manifest is RotatedManifest or RetriedManifest or StateManifest;

    /// <summary>Decodes a payload of a known manifest to see whether that works.</summary>
    /// <exception cref="JsonException">It does not.</exception>
    public static void Check(string manifest, ReadOnlyMemory<byte> payload)
    {
        if (manifest == StateManifest)
        {
            Instance.ReadState(manifest, payload);
        }
        else
        {
            Instance.ReadEvent(manifest, payload);
        }
    }

    /// <inheritdoc/>
    public Stored WriteEvent(PoolEvent happened) => happened switch
    {
        PoolEvent.Rotated rotated => new Stored(RotatedManifest, JsonSerializer.SerializeToUtf8Bytes(rotated, PoolJson.Default.Rotated)),
        PoolEvent.Retried retried => new Stored(RetriedManifest, JsonSerializer.SerializeToUtf8Bytes(retried, PoolJson.Default.Retried)),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "A pool has no such event."),
    };

    /// <inheritdoc/>
    public PoolEvent ReadEvent(string manifest, ReadOnlyMemory<byte> payload) => manifest switch
    {
        RotatedManifest => Read(payload, PoolJson.Default.Rotated),
        RetriedManifest => Read(payload, PoolJson.Default.Retried),
        _ => throw new JsonException($"A pool has no event '{manifest}'."),
    };

    /// <inheritdoc/>
    public Stored WriteState(PoolState state) => new(StateManifest, JsonSerializer.SerializeToUtf8Bytes(state, PoolJson.Default.PoolState));

    /// <inheritdoc/>
    public PoolState ReadState(string manifest, ReadOnlyMemory<byte> payload) => manifest == StateManifest
        ? Read(payload, PoolJson.Default.PoolState)
        : throw new JsonException($"A pool has no state '{manifest}'.");

    private static T Read<T>(ReadOnlyMemory<byte> payload, JsonTypeInfo<T> shape)
        where T : class => JsonSerializer.Deserialize(payload.Span, shape) ?? throw new JsonException("The entry is null.");
}
