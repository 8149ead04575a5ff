using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising.Schemas;

/// <summary>
/// A JSON value while a schema is cleaned: a private working copy, changed in place. Objects keep their order; numbers keep
/// their text.
/// </summary>
internal sealed class SchemaNode
{
    private readonly byte[] _raw = [];

    private SchemaNode(JsonValueKind kind) => Kind = kind;

    private SchemaNode(JsonValueKind kind, byte[] raw)
        : this(kind) => _raw = raw;

    public JsonValueKind Kind { get; }

    public bool IsObject => Kind == JsonValueKind.Object;

    public bool IsArray => Kind == JsonValueKind.Array;

    public bool IsString => Kind == JsonValueKind.String;

    public bool IsNumber => Kind == JsonValueKind.Number;

    /// <summary>Members of an object, in order.</summary>
    public List<KeyValuePair<string, SchemaNode>> Members { get; } = [];

    /// <summary>Elements of an array.</summary>
    public List<SchemaNode> Items { get; } = [];

    /// <summary>The bytes of a number, string, boolean or null.</summary>
    public ReadOnlySpan<byte> Raw => _raw;

    /// <summary>The text of a string; the JSON of anything else that is no container.</summary>
    public string Text => IsString ? JsonStrings.Decode(_raw.AsSpan(1, _raw.Length - 2)) : Encoding.UTF8.GetString(_raw);

    /// <summary>A member of an object; null when there is none.</summary>
    public SchemaNode? this[string name]
    {
        get
        {
            foreach (var (key, value) in Members)
            {
                if (key == name)
                {
                    return value;
                }
            }

            return null;
        }
    }

    public static SchemaNode Object() => new(JsonValueKind.Object);

    public static SchemaNode Array(IEnumerable<SchemaNode> items)
    {
        var node = new SchemaNode(JsonValueKind.Array);
        node.Items.AddRange(items);
        return node;
    }

    public static SchemaNode String(string text) => new(JsonValueKind.String, [(byte)'"', .. JsonStrings.Escape(text), (byte)'"']);

    public static SchemaNode True() => new(JsonValueKind.True, [.. "true"u8]);

    public static SchemaNode False() => new(JsonValueKind.False, [.. "false"u8]);

    public static SchemaNode Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var node = Object();
                foreach (var property in element.EnumerateObject())
                {
                    // JsonProperty.Name refuses unpaired surrogates, which clients do send.
                    node.Members.Add(new(JsonStrings.Decode(JsonMarshal.GetRawUtf8PropertyName(property)), Of(property.Value)));
                }

                return node;
            case JsonValueKind.Array:
                return Array(element.EnumerateArray().Select(Of));
            default:
                return new SchemaNode(element.ValueKind, JsonMarshal.GetRawUtf8Value(element).ToArray());
        }
    }

    /// <summary>True for a string with this text.</summary>
    public bool Is(string text) => IsString && Text == text;

    /// <summary>Replaces a member in place, or appends it.</summary>
    public void Set(string name, SchemaNode value)
    {
        var at = Members.FindIndex(member => member.Key == name);
        if (at >= 0)
        {
            Members[at] = new(name, value);
        }
        else
        {
            Members.Add(new(name, value));
        }
    }

    public void Remove(string name) => Members.RemoveAll(member => member.Key == name);

    /// <summary>The same object with the same members, which may then be exchanged.</summary>
    public SchemaNode ShallowCopy()
    {
        var copy = Object();
        copy.Members.AddRange(Members);
        return copy;
    }

    public JsonSlice ToJson()
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(new JsonEmitter(output));
        return JsonSlice.FromUtf8(output.WrittenMemory);
    }

    private void Write(JsonEmitter emitter)
    {
        switch (Kind)
        {
            case JsonValueKind.Object:
                emitter.ObjectStart();
                foreach (var (name, value) in Members)
                {
                    emitter.Name(EscapedText.FromContent(JsonStrings.Escape(name)));
                    value.Write(emitter);
                }

                emitter.ObjectEnd();
                break;
            case JsonValueKind.Array:
                emitter.ArrayStart();
                Items.ForEach(item => item.Write(emitter));
                emitter.ArrayEnd();
                break;
            default:
                emitter.Raw(RawJson.FromUtf8(_raw));
                break;
        }
    }
}
