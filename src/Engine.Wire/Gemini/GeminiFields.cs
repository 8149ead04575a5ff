using System.Globalization;
using System.Text;
using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Fields of a request under proto3-JSON's rules (wire/gemini.md §1): camelCase or snake_case, <c>null</c> is absent, numbers may
/// be strings, a single message may stand for a list of one. What does not fit is rejected by its path.
/// </summary>
internal static class GeminiFields
{
    /// <summary>Finds a field by its camelCase name.</summary>
    public static bool TryGet(JsonElement owner, string name, out JsonElement value)
    {
        if (owner.ValueKind == JsonValueKind.Object
            && (owner.TryGetProperty(name, out value) || (name.Any(char.IsAsciiLetterUpper) && owner.TryGetProperty(Snake(name), out value)))
            && value.ValueKind != JsonValueKind.Null)
        {
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>A field's name in camelCase.</summary>
    public static string Camel(string name)
    {
        if (!name.Contains('_', StringComparison.Ordinal))
        {
            return name;
        }

        var camel = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '_' && i + 1 < name.Length && i > 0)
            {
                camel.Append(char.ToUpperInvariant(name[++i]));
            }
            else
            {
                camel.Append(name[i]);
            }
        }

        return camel.ToString();
    }

    /// <summary>The elements of a repeated field with their paths; a single object counts as a list of one.</summary>
    public static IEnumerable<(JsonElement Value, string Path)> Each(JsonElement list, string path)
    {
        if (list.ValueKind == JsonValueKind.Object)
        {
            yield return (list, path);
            yield break;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(path, "an array");
        }

        var index = 0;
        foreach (var element in list.EnumerateArray())
        {
            yield return (element, $"{path}[{index++}]");
        }
    }

    /// <summary>The value itself, which must be an object.</summary>
    public static JsonElement Object(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Object ? value : throw Wrong(path, "an object");

    /// <summary>A name, id or other short string, decoded.</summary>
    public static string Word(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String ? JsonStrings.Decode(value) : throw Wrong(path, "a string");

    /// <summary>An optional short string; empty when absent.</summary>
    public static string WordOf(JsonElement owner, string name, string path) =>
        TryGet(owner, name, out var value) ? Word(value, $"{path}.{name}") : "";

    /// <summary>A string field by its exact name; null when it is none.</summary>
    public static string? WordOrNull(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? JsonStrings.Decode(value)
            : null;

    /// <summary>An optional text as a slice of the body; absent when it is no string.</summary>
    public static EscapedSlice TextOf(RequestBody body, JsonElement owner, string name) =>
        TryGet(owner, name, out var value) && value.ValueKind == JsonValueKind.String ? body.TextOf(value) : default;

    /// <summary>A finite number.</summary>
    public static double Number(JsonElement value, string path)
    {
        var number = double.NaN;
        var read = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDouble(out number),
            JsonValueKind.String => double.TryParse(JsonStrings.Decode(value), NumberStyles.Float, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        return read && double.IsFinite(number) ? number : throw Wrong(path, "a number");
    }

    /// <summary>An integer.</summary>
    public static long Integer(JsonElement value, string path)
    {
        var number = Number(value, path);
        return Math.Abs(number) < 1L << 53 && number == Math.Truncate(number) ? (long)number : throw Wrong(path, "an integer");
    }

    /// <summary>True or false.</summary>
    public static bool Boolean(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(path, "true or false"),
    };

    /// <summary>The rejection of a field with the wrong type.</summary>
    public static RequestRejectedException Wrong(string path, string expected) => Reject(path, $"must be {expected}");

    /// <summary>A rejection that names a field.</summary>
    public static RequestRejectedException Reject(string path, string what) => new(ErrorKind.Invalid, path, $"{path} {what}.");

    private static string Snake(string camel)
    {
        var snake = new StringBuilder(camel.Length + 4);
        foreach (var character in camel)
        {
            if (char.IsAsciiLetterUpper(character))
            {
                snake.Append('_').Append(char.ToLowerInvariant(character));
            }
            else
            {
                snake.Append(character);
            }
        }

        return snake.ToString();
    }
}
