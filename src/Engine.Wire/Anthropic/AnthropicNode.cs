using System.Globalization;
using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// A value of a client's body and where it stands, in the dialect's own words (<c>messages.2.content.0</c>): whatever is missing or
/// of the wrong type is refused with its path. <c>null</c> counts as absent.
/// </summary>
internal readonly record struct AnthropicNode(RequestBody Body, JsonElement Value, string Path)
{
    /// <summary>The bytes of the value.</summary>
    public JsonSlice Slice => Body.SliceOf(Value);

    public bool IsArray => Value.ValueKind == JsonValueKind.Array;

    public bool IsObject => Value.ValueKind == JsonValueKind.Object;

    public bool IsText => Value.ValueKind == JsonValueKind.String;

    /// <summary>The elements of an array.</summary>
    public IEnumerable<AnthropicNode> Items()
    {
        var index = 0;
        foreach (var item in Expect(JsonValueKind.Array, "a list").Value.EnumerateArray())
        {
            yield return new AnthropicNode(Body, item, Path + "." + index.ToString(CultureInfo.InvariantCulture));
            index++;
        }
    }

    /// <summary>A property, or null when it is absent.</summary>
    public AnthropicNode? Get(string name) =>
        IsObject && Value.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? new AnthropicNode(Body, value, PathOf(name))
            : null;

    /// <summary>A property that must be there.</summary>
    public AnthropicNode Require(string name) => Get(name) ?? throw Reject(PathOf(name), "Field required");

    /// <summary>The inside of this string.</summary>
    public EscapedSlice Text() => Body.TextOf(Expect(JsonValueKind.String, "a string").Value);

    /// <summary>This string, decoded: for names and ids.</summary>
    public string String() => Text().Decode();

    /// <summary>This integer.</summary>
    public long Integer() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt64(out var value)
            ? value
            : throw Reject("Input should be a valid integer");

    /// <summary>This number.</summary>
    public double Number() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw Reject("Input should be a valid number");

    /// <summary>This boolean.</summary>
    public bool Boolean() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Reject("Input should be a valid boolean"),
    };

    /// <summary>This value, when it is an object.</summary>
    public AnthropicNode Object() => Expect(JsonValueKind.Object, "an object");

    /// <summary>An optional text property; absent is <c>default</c>.</summary>
    public EscapedSlice TextOf(string name) => Get(name)?.Text() ?? default;

    /// <summary>An optional property as it came; absent is <c>default</c>.</summary>
    public JsonSlice SliceOf(string name) => Get(name)?.Slice ?? default;

    /// <summary>The refusal of this value.</summary>
    public RequestRejectedException Reject(string why) => Reject(Path, why);

    /// <summary>The path of a property.</summary>
    public string PathOf(string name) => Path.Length == 0 ? name : Path + "." + name;

    private static RequestRejectedException Reject(string path, string why) => new(ErrorKind.Invalid, path, path + ": " + why);

    private AnthropicNode Expect(JsonValueKind kind, string what) =>
        Value.ValueKind == kind ? this : throw Reject("Input should be " + what);
}
