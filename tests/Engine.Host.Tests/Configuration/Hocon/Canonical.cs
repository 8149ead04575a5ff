using System.Text;
using System.Text.Json;
using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Tests.Configuration.Hocon;

/// <summary>One text per meaning: keys sorted, numbers as written. Lets a resolved tree be compared with JSON.</summary>
internal static class Canonical
{
    public static string OfHocon(string text, params (string Name, string Value)[] environment)
    {
        var result = HoconLoad.FromText(
            text, "test.conf", name => Array.Find(environment, variable => variable.Name == name).Value);
        Assert.Empty(result.Faults);
        return Of(result.Root!);
    }

    public static string OfJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Write(text, document.RootElement);
        return text.ToString();
    }

    public static string Of(HoconValue value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, HoconValue value)
    {
        switch (value)
        {
            case HoconObject fields:
                Braces(text, fields.Fields.Select(field => (field.Key, field.Value)), Write);
                break;
            case HoconList list:
                Brackets(text, list.Items, Write);
                break;
            case HoconScalar { Kind: HoconLiteralKind.String } scalar:
                text.Append(JsonSerializer.Serialize(scalar.Text));
                break;
            case HoconScalar scalar:
                text.Append(scalar.Text);
                break;
            default:
                text.Append("BROKEN");
                break;
        }
    }

    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Braces(text, value.EnumerateObject().Select(field => (field.Name, field.Value)), Write);
                break;
            case JsonValueKind.Array:
                Brackets(text, value.EnumerateArray(), Write);
                break;
            case JsonValueKind.String:
                text.Append(JsonSerializer.Serialize(value.GetString()));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void Braces<T>(StringBuilder text, IEnumerable<(string Key, T Value)> fields, Action<StringBuilder, T> write)
    {
        var separator = "{";
        foreach (var (key, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            text.Append(separator).Append(JsonSerializer.Serialize(key)).Append(':');
            write(text, value);
            separator = ",";
        }

        text.Append(separator == "{" ? "{}" : "}");
    }

    private static void Brackets<T>(StringBuilder text, IEnumerable<T> items, Action<StringBuilder, T> write)
    {
        var separator = "[";
        foreach (var item in items)
        {
            text.Append(separator);
            write(text, item);
            separator = ",";
        }

        text.Append(separator == "[" ? "[]" : "]");
    }
}
