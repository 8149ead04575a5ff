using System.Buffers;
using System.Text.Json;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>
/// Remembers which strings of a tool's arguments were numbers or booleans before their enum became strings, and turns them
/// back (wire/mapping.md §2.3 step 5, pitfall 88). Everything else of the arguments stays byte for byte.
/// </summary>
internal sealed class ArgumentCoercion
{
    private Dictionary<string, ArgumentCoercion>? _properties;
    private ArgumentCoercion? _items;
    private Dictionary<string, byte[]>? _values;

    /// <summary>True when nothing needs to be turned back.</summary>
    public bool IsEmpty =>
        _values is null && _items is not { IsEmpty: false } && (_properties?.Values.All(static each => each.IsEmpty) ?? true);

    /// <summary>The memory of a property's value.</summary>
    public ArgumentCoercion Property(string name)
    {
        _properties ??= new(StringComparer.Ordinal);
        return _properties.TryGetValue(name, out var known) ? known : _properties[name] = new();
    }

    /// <summary>The memory of an array's elements.</summary>
    public ArgumentCoercion Items() => _items ??= new();

    /// <summary>Remembers the JSON that a string stands for.</summary>
    public void Remember(string text, ReadOnlySpan<byte> json)
    {
        _values ??= new(StringComparer.Ordinal);
        _values.TryAdd(text, json.ToArray());
    }

    /// <summary>Forgets a string that is a legitimate value itself.</summary>
    public void Forget(string text) => _values?.Remove(text);

    /// <summary>Copies the arguments with remembered strings turned back; false when there was none and nothing was written.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public bool TryApply(ReadOnlySpan<byte> arguments, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(arguments, new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth });
        var containers = new Stack<(ArgumentCoercion? Memory, bool IsArray)>();
        ArgumentCoercion? named = this;
        var copied = 0;
        while (reader.Read())
        {
            var memory = containers.TryPeek(out var container) && container.IsArray ? container.Memory?._items : named;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    containers.Push((memory, reader.TokenType == JsonTokenType.StartArray));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    containers.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    named = container.Memory?._properties?.GetValueOrDefault(JsonStrings.Decode(reader.ValueSpan));
                    break;
                case JsonTokenType.String
                    when memory?._values is { } values && values.TryGetValue(JsonStrings.Decode(reader.ValueSpan), out var json):
                    output.Write(arguments[copied..(int)reader.TokenStartIndex]);
                    output.Write(json);
                    copied = (int)reader.BytesConsumed;
                    break;
                default:
                    break;
            }
        }

        if (copied == 0)
        {
            return false;
        }

        output.Write(arguments[copied..]);
        return true;
    }
}
