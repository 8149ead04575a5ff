namespace Engine.Host.Configuration.Hocon;

/// <summary>A value of the resolved configuration, and where it was written.</summary>
internal abstract class HoconValue(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;
}

/// <summary>A string, number, boolean or null. Its text is what was written; a number keeps its digits.</summary>
internal sealed class HoconScalar(HoconOrigin origin, HoconLiteralKind kind, string text, bool isFromEnvironment) : HoconValue(origin)
{
    public HoconLiteralKind Kind { get; } = kind;

    public string Text { get; } = text;

    /// <summary>Holds something from the environment, so no message may repeat it.</summary>
    public bool IsFromEnvironment { get; } = isFromEnvironment;
}

internal sealed class HoconList(HoconOrigin origin, IReadOnlyList<HoconValue> items) : HoconValue(origin)
{
    public IReadOnlyList<HoconValue> Items { get; } = items;
}

/// <summary>Stands where a fault was recorded, so that nothing else complains about the same place.</summary>
internal sealed class HoconBroken(HoconOrigin origin) : HoconValue(origin);

internal sealed class HoconObject(HoconOrigin origin, IReadOnlyList<HoconField> fields, IReadOnlyList<HoconVanished> vanished)
    : HoconValue(origin)
{
    private readonly Dictionary<string, HoconField> _byKey = fields.ToDictionary(field => field.Key, StringComparer.Ordinal);

    /// <summary>In the order of their first mention.</summary>
    public IReadOnlyList<HoconField> Fields { get; } = fields;

    /// <summary>Fields that were written, but only with optional substitutions that stand for nothing.</summary>
    public IReadOnlyList<HoconVanished> Vanished { get; } = vanished;

    public HoconField? Find(string key) => _byKey.GetValueOrDefault(key);
}

/// <param name="Key">One path element.</param>
/// <param name="Origin">Where the key stands that gave the field its value.</param>
/// <param name="Value">Never missing.</param>
internal sealed record HoconField(string Key, HoconOrigin Origin, HoconValue Value);

/// <param name="Key">One path element.</param>
/// <param name="Origin">Where the key stands.</param>
/// <param name="Names">What it asked for: names of environment variables, as a rule.</param>
internal sealed record HoconVanished(string Key, HoconOrigin Origin, IReadOnlyList<string> Names);
