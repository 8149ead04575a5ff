using System.Buffers;
using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Reads a <c>functionResponse</c> (wire/gemini.md §2, wire/mapping.md §2.7).</summary>
internal static class GeminiResultReader
{
    /// <summary>Reads one.</summary>
    public static ToolResultPart Read(RequestBody body, JsonElement value, string path)
    {
        GeminiFields.Object(value, path);
        var content = new List<Part>();
        var failed = false;
        if (GeminiFields.TryGet(value, "response", out var response))
        {
            failed = ReadResponse(body, response, content);
        }

        if (GeminiFields.TryGet(value, "parts", out var parts))
        {
            foreach (var (part, partPath) in GeminiFields.Each(parts, $"{path}.parts"))
            {
                if (!GeminiMediaReader.TryRead(body, part, partPath, ImageDetail.Default, null, out var media))
                {
                    throw GeminiFields.Reject(partPath, "must hold inlineData or fileData");
                }

                content.Add(media);
            }
        }

        return new ToolResultPart(GeminiFields.WordOf(value, "id", path), GeminiFields.WordOf(value, "name", path), content, failed);
    }

    // True when the tool failed.
    private static bool ReadResponse(RequestBody body, JsonElement response, List<Part> content)
    {
        if (GeminiFields.TryGet(response, "error", out var error))
        {
            content.Add(new TextPart(TextOf(body, error)));
            return true;
        }

        if (!GeminiFields.TryGet(response, "output", out var output))
        {
            if (response.ValueKind != JsonValueKind.Object || response.EnumerateObject().Any())
            {
                content.Add(new TextPart(TextOf(body, response)));
            }
        }
        else if (output.ValueKind == JsonValueKind.String)
        {
            content.AddRange(Unwrap(output) ?? [new TextPart(body.TextOf(output))]);
        }
        else
        {
            content.Add(new TextPart(TextOf(body, response.EnumerateObject().Count() == 1 ? output : response)));
        }

        return false;
    }

    private static EscapedSlice TextOf(RequestBody body, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return body.TextOf(value);
        }

        var text = new ArrayBufferWriter<byte>();
        JsonStrings.Escape(body.SliceOf(value).Utf8.Span, text);
        return EscapedSlice.FromContent(text.WrittenMemory);
    }

    // Some clients put a stringified list of Responses parts here; left alone, a screenshot would be billed as text.
    private static List<Part>? Unwrap(JsonElement output)
    {
        var text = JsonStrings.Decode(output);
        if (!text.AsSpan().TrimStart().StartsWith("[") || !text.Contains("\"input_image\"", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var parts = new List<Part>();
            foreach (var item in document.RootElement.EnumerateArray())
            {
                if (UnwrapOne(item) is not { } part)
                {
                    return null;
                }

                parts.Add(part);
            }

            return parts;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Part? UnwrapOne(JsonElement item) => GeminiFields.WordOrNull(item, "type") switch
    {
        "input_text" when GeminiFields.WordOrNull(item, "text") is { } text => new TextPart(EscapedSlice.FromString(text)),
        "input_image" when GeminiFields.WordOrNull(item, "image_url") is { } address => new ImagePart(SourceOf(address)),
        _ => null,
    };

    private static MediaSource SourceOf(string address)
    {
        var comma = address.IndexOf(',', StringComparison.Ordinal);
        var head = address.AsSpan(0, Math.Max(comma, 0));
        return head.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase)
            ? new MediaSource.Inline(head[5..^7].ToString().ToLowerInvariant(), EscapedSlice.FromString(address[(comma + 1)..]))
            : new MediaSource.Url(EscapedSlice.FromString(address));
    }
}
