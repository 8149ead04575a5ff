using System.Collections.Immutable;

namespace Engine.Actors.Rotation;

/// <summary>
/// An immutable snapshot of a pool: its lanes in config order and how turns are taken. A new config makes a new table; the lanes
/// themselves, with what their actors published, are shared between tables.
/// </summary>
public sealed class RotationTable
{
    /// <summary>Positions a weighted cycle has at most; larger weights are scaled down.</summary>
    public const int MaxCycle = 4096;

    private readonly Dictionary<Lane, int> _indexes = [];

    /// <summary>Makes a table.</summary>
    /// <param name="lanes">The lanes in the order of preference; no lane twice.</param>
    /// <param name="families">One per lane: accounts of one family accept each other's reasoning signatures.</param>
    /// <param name="selector">How turns are taken.</param>
    public RotationTable(ImmutableArray<Lane> lanes, ImmutableArray<string> families, Selector selector)
    {
        if (families.Length != lanes.Length)
        {
            throw new ArgumentException("There must be one family per lane.", nameof(families));
        }

        Lanes = lanes;
        Families = families;
        Selector = selector;
        Order = selector.OrderOf(lanes);
        for (var i = 0; i < lanes.Length; i++)
        {
            _indexes.TryAdd(lanes[i], i);
        }
    }

    /// <summary>The lanes, in config order.</summary>
    public ImmutableArray<Lane> Lanes { get; }

    /// <summary>The signature family of each lane.</summary>
    public ImmutableArray<string> Families { get; }

    /// <summary>How turns are taken.</summary>
    public Selector Selector { get; }

    /// <summary>Indexes into <see cref="Lanes"/> in the order a walk visits them; each lane at least once.</summary>
    public ImmutableArray<int> Order { get; }

    /// <summary>True when any lane reserves tokens, so that an estimate is worth its price.</summary>
    public bool CountsTokens => Lanes.Any(static lane => lane.CountsTokens);

    /// <summary>The place of a lane; -1 when it is not in this table.</summary>
    public int IndexOf(Lane lane) => _indexes.GetValueOrDefault(lane, -1);
}
