namespace Engine.Host.Configuration.Hocon;

/// <summary>
/// A value known only as far as its kind: elements and fields are still to be resolved. This much is enough to follow a
/// path, and asking for no more is what lets an object refer to its own fields.
/// </summary>
internal sealed class HoconHead
{
    /// <summary>Nothing: an optional substitution without a value.</summary>
    public static HoconHead Undefined { get; } = new();

    public LiteralNode? Literal { get; private init; }

    public IReadOnlyList<HoconNode>? Items { get; private init; }

    /// <summary>To be merged, the newest first, none twice.</summary>
    public IReadOnlyList<ObjectNode>? Objects { get; private init; }

    public bool IsBroken { get; private init; }

    public HoconOrigin Origin { get; private init; }

    public bool IsUndefined => this == Undefined;

    public static HoconHead Of(LiteralNode literal) => new() { Literal = literal, Origin = literal.Origin };

    public static HoconHead List(HoconOrigin origin, IReadOnlyList<HoconNode> items) => new() { Items = items, Origin = origin };

    /// <summary>An object merged with itself is itself, so only its newest occurrence is kept.</summary>
    public static HoconHead Object(HoconOrigin origin, IEnumerable<ObjectNode> objects) =>
        new() { Objects = [.. objects.Distinct(ReferenceEqualityComparer.Instance).Cast<ObjectNode>()], Origin = origin };

    public static HoconHead Broken(HoconOrigin origin) => new() { IsBroken = true, Origin = origin };

    /// <summary>Whether both are made of the same nodes, so that expanding one within the other would never end.</summary>
    public bool IsSameAs(HoconHead other) =>
        (Items is not null && ReferenceEquals(Items, other.Items))
        || (Objects is not null && other.Objects is not null && Objects[0] == other.Objects[0] && Objects.SequenceEqual(other.Objects));
}
