namespace Engine.Host.Configuration.Hocon;

/// <summary>An object whose fields each keep everything ever assigned to them that may still count.</summary>
internal sealed class ObjectNode(HoconOrigin origin) : HoconNode(origin)
{
    private readonly List<FieldLayers> _fields = [];
    private readonly Dictionary<string, FieldLayers> _byKey = new(StringComparer.Ordinal);

    /// <summary>In the order of their first mention.</summary>
    public IReadOnlyList<FieldLayers> Fields => _fields;

    public FieldLayers? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Assigns to a path: <c>a.b = 1</c> is <c>a { b = 1 }</c>.</summary>
    public void Assign(ReadOnlySpan<string> path, HoconNode value, HoconOrigin keyOrigin)
    {
        for (var i = path.Length - 1; i > 0; i--)
        {
            var around = new ObjectNode(keyOrigin);
            around.Layers(path[i]).Add(value, keyOrigin);
            value = around;
        }

        Layers(path[0]).Add(value, keyOrigin);
    }

    /// <summary>Adds another object's fields as if they had been written next in this one.</summary>
    public void Append(ObjectNode other)
    {
        foreach (var field in other._fields)
        {
            var mine = Layers(field.Key);
            foreach (var layer in field.Layers)
            {
                mine.Add(layer.Value, layer.KeyOrigin);
            }
        }
    }

    private FieldLayers Layers(string key)
    {
        if (!_byKey.TryGetValue(key, out var field))
        {
            field = new FieldLayers(key);
            _byKey.Add(key, field);
            _fields.Add(field);
        }

        return field;
    }
}

internal readonly record struct FieldLayer(HoconNode Value, HoconOrigin KeyOrigin);

/// <summary>The values assigned to one key of one object, oldest first. Neighbouring objects are merged, hidden values forgotten.</summary>
internal sealed class FieldLayers(string key)
{
    private readonly List<FieldLayer> _layers = [];

    public string Key { get; } = key;

    public IReadOnlyList<FieldLayer> Layers => _layers;

    public void Add(HoconNode value, HoconOrigin keyOrigin)
    {
        if (value is ObjectNode added && _layers is [.., { Value: ObjectNode below }])
        {
            below.Append(added);
            return;
        }

        if (value is LiteralNode or ListNode)
        {
            _layers.Clear();
        }

        _layers.Add(new FieldLayer(value, keyOrigin));
    }
}
