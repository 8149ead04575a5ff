using System.Buffers;
using System.Text.Json;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Turns Gemini's OpenAPI subset (<c>parameters</c>, <c>responseSchema</c>; wire/gemini.md §3) into JSON Schema, which is what the
/// tree holds: types in lower case, <c>nullable</c> as a type, counts as numbers. Names below <c>properties</c> are left alone.
/// </summary>
internal static class GeminiSchemaReader
{
    private static readonly string[] TypeNames = ["", "string", "number", "integer", "boolean", "array", "object", "null"];

    /// <summary>The schema as JSON Schema, in memory of its own.</summary>
    public static JsonSlice Read(JsonElement schema, string path)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(GeminiFields.Object(schema, path), path, new JsonEmitter(output));
        return JsonSlice.FromUtf8(output.WrittenMemory);
    }

    private static void Write(JsonElement schema, string path, JsonEmitter emitter)
    {
        var nullable = GeminiFields.TryGet(schema, "nullable", out var flag) && flag.ValueKind == JsonValueKind.True;
        emitter.ObjectStart();
        foreach (var keyword in schema.EnumerateObject())
        {
            var name = GeminiFields.Camel(keyword.Name);
            var value = keyword.Value;
            if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            switch (name)
            {
                case "type":
                    WriteTypes(value, $"{path}.type", nullable, emitter);
                    break;
                case "nullable" or "propertyOrdering":
                    break;
                case "format" when value.ValueKind == JsonValueKind.String && value.ValueEquals("enum"u8):
                    break;
                case "enum" when nullable && value.ValueKind == JsonValueKind.Array:
                    WriteNullableEnum(value, emitter);
                    break;
                case "minItems" or "maxItems" or "minLength" or "maxLength" or "minProperties" or "maxProperties":
                    emitter.Name(EscapedText.FromContent(JsonStrings.Escape(name)));
                    emitter.Number(GeminiFields.Integer(value, $"{path}.{name}"));
                    break;
                case "properties" or "defs":
                    emitter.ObjectStart(name == "defs" ? "$defs"u8 : "properties"u8);
                    foreach (var property in GeminiFields.Object(value, $"{path}.{name}").EnumerateObject())
                    {
                        emitter.Name(EscapedText.FromContent(JsonStrings.Escape(property.Name)));
                        WriteOrCopy(property.Value, $"{path}.{name}.{property.Name}", emitter);
                    }

                    emitter.ObjectEnd();
                    break;
                case "items" or "additionalProperties":
                    emitter.Name(EscapedText.FromContent(JsonStrings.Escape(name)));
                    WriteOrCopy(value, $"{path}.{name}", emitter);
                    break;
                case "anyOf":
                    emitter.ArrayStart("anyOf"u8);
                    foreach (var (branch, branchPath) in GeminiFields.Each(value, $"{path}.anyOf"))
                    {
                        WriteOrCopy(branch, branchPath, emitter);
                    }

                    emitter.ArrayEnd();
                    break;
                default:
                    emitter.Name(EscapedText.FromContent(JsonStrings.Escape(name)));
                    Copy(value, emitter);
                    break;
            }
        }

        emitter.ObjectEnd();
    }

    private static void WriteOrCopy(JsonElement value, string path, JsonEmitter emitter)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            Write(value, path, emitter);
        }
        else
        {
            Copy(value, emitter);
        }
    }

    // A name, a number of the enum, or (where JSON Schema stands in the wrong field) a list of names.
    private static void WriteTypes(JsonElement value, string path, bool nullable, JsonEmitter emitter)
    {
        string[] types = value.ValueKind == JsonValueKind.Array
            ? [.. GeminiFields.Each(value, path).Select(static each => TypeOf(each.Value, each.Path))]
            : [TypeOf(value, path)];
        if (nullable && !types.Contains("null", StringComparer.Ordinal))
        {
            types = [.. types, "null"];
        }

        if (types[0].Length == 0)
        {
            return;
        }

        emitter.Name("type"u8);
        if (types is [var only])
        {
            emitter.Text(only);
            return;
        }

        emitter.ArrayStart();
        Array.ForEach(types, emitter.Text);
        emitter.ArrayEnd();
    }

    private static string TypeOf(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number < TypeNames.Length)
        {
            return TypeNames[number];
        }

        var name = GeminiFields.Word(value, path).ToLowerInvariant();
        return name == "type_unspecified" ? "" : name;
    }

    private static void WriteNullableEnum(JsonElement values, JsonEmitter emitter)
    {
        emitter.ArrayStart("enum"u8);
        foreach (var value in values.EnumerateArray())
        {
            Copy(value, emitter);
        }

        emitter.Raw(RawJson.FromUtf8("null"u8));
        emitter.ArrayEnd();
    }

    private static void Copy(JsonElement value, JsonEmitter emitter) =>
        emitter.Raw(RawJson.FromUtf8(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value)));
}
