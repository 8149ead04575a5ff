using System.Globalization;
using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Typed access to the fields of a client's request. Every fault names the field's path; <c>null</c> equals omitted.</summary>
internal sealed class OpenAiChatFieldReader
{
    private const int LongestShownValue = 64;

    private readonly RequestBody _body;

    public OpenAiChatFieldReader(RequestBody body) => _body = body;

    /// <summary>A property that is there and not <c>null</c>; of duplicates the last.</summary>
    public static bool TryGet(JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value) =>
        parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A property that must be there.</summary>
    public static JsonElement Require(JsonElement parent, ReadOnlySpan<byte> name, string path) =>
        TryGet(parent, name, out var value)
            ? value
            : throw Missing(path);

    public static JsonElement RequireObject(JsonElement parent, ReadOnlySpan<byte> name, string path) =>
        AsObject(Require(parent, name, path), path);

    public static JsonElement RequireArray(JsonElement parent, ReadOnlySpan<byte> name, string path) =>
        AsArray(Require(parent, name, path), path);

    public static string RequireString(JsonElement parent, ReadOnlySpan<byte> name, string path) =>
        AsString(Require(parent, name, path), path);

    public static string RequireName(JsonElement parent, ReadOnlySpan<byte> name, string path) =>
        AsName(Require(parent, name, path), path);

    public static JsonElement AsObject(JsonElement value, string path) => Expect(value, JsonValueKind.Object, path, "an object");

    public static JsonElement AsArray(JsonElement value, string path) => Expect(value, JsonValueKind.Array, path, "an array");

    /// <summary>A string, decoded; half a surrogate pair becomes U+FFFD.</summary>
    public static string AsString(JsonElement value, string path) => JsonStrings.Decode(Expect(value, JsonValueKind.String, path, "a string"));

    /// <summary>A string that names something: not empty.</summary>
    public static string AsName(JsonElement value, string path)
    {
        var name = AsString(value, path);
        return name.Length > 0 ? name : throw new RequestRejectedException(ErrorKind.Invalid, path, $"Invalid '{path}': empty string.");
    }

    public static bool AsBoolean(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongType(value, path, "a boolean"),
    };

    public static double AsNumber(JsonElement value, string path) =>
        Expect(value, JsonValueKind.Number, path, "a number").TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw WrongType(value, path, "a finite number");

    /// <summary>An integer of a range; a fraction of zero is accepted.</summary>
    public static long AsInteger(JsonElement value, string path, long minimum, long maximum)
    {
        var number = AsNumber(value, path);
        if (!value.TryGetInt64(out var integer))
        {
            integer = Math.Truncate(number) == number && Math.Abs(number) < long.MaxValue
                ? (long)number
                : throw WrongType(value, path, "an integer");
        }

        return integer >= minimum && integer <= maximum
            ? integer
            : throw new RequestRejectedException(
                ErrorKind.Invalid,
                path,
                string.Create(CultureInfo.InvariantCulture, $"Invalid '{path}': {integer} is not between {minimum} and {maximum}."));
    }

    public static RequestRejectedException Missing(string path) =>
        new(ErrorKind.Invalid, path, $"Missing required parameter: '{path}'.");

    public static RequestRejectedException WrongType(JsonElement value, string path, string expected) => new(
        ErrorKind.Invalid, path, $"Invalid type for '{path}': expected {expected}, but got {NameOf(value.ValueKind)}.");

    public static RequestRejectedException NotAllowed(string value, string path, string allowed)
    {
        var shown = value.Length > LongestShownValue ? value[..LongestShownValue] : value;
        return new RequestRejectedException(
            ErrorKind.Invalid, path, $"Invalid value for '{path}': '{shown}'. Supported values are: {allowed}.");
    }

    /// <summary>A string's inside as a slice of the body.</summary>
    public EscapedSlice AsText(JsonElement value, string path) => _body.TextOf(Expect(value, JsonValueKind.String, path, "a string"));

    /// <summary>The inside of a string that must be there, as a slice of the body.</summary>
    public EscapedSlice RequireText(JsonElement parent, ReadOnlySpan<byte> name, string path) => AsText(Require(parent, name, path), path);

    /// <summary>An optional string's inside as a slice of the body.</summary>
    public EscapedSlice OptionalText(JsonElement parent, ReadOnlySpan<byte> name, string path) =>
        TryGet(parent, name, out var value) ? AsText(value, path) : default;

    /// <summary>A value as a slice of the body.</summary>
    public JsonSlice Raw(JsonElement value) => _body.SliceOf(value);

    /// <summary>An optional value as a slice of the body.</summary>
    public JsonSlice OptionalRaw(JsonElement parent, ReadOnlySpan<byte> name) => TryGet(parent, name, out var value) ? Raw(value) : default;

    private static JsonElement Expect(JsonElement value, JsonValueKind kind, string path, string expected) =>
        value.ValueKind == kind ? value : throw WrongType(value, path, expected);

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
