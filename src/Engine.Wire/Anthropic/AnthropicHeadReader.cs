using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Reads what routing needs of a request in one pass that builds nothing. The last of two equal fields counts, as in every JSON
/// parser.
/// </summary>
internal static class AnthropicHeadReader
{
    /// <summary>Reads the model, where it stands, and whether a stream is wanted.</summary>
    /// <exception cref="RequestRejectedException">The body is not a JSON object or names no model.</exception>
    public static RequestHead Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return ReadObject(body);
        }
        catch (JsonException fault)
        {
            throw new RequestRejectedException(
                ErrorKind.Invalid, "", $"The request body is not valid JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}).");
        }
    }

    private static RequestHead ReadObject(ReadOnlySpan<byte> body)
    {
        var cursor = new JsonCursor(body);
        if (!cursor.EnterObject())
        {
            throw new RequestRejectedException(ErrorKind.Invalid, "", "The request body must be a JSON object.");
        }

        EscapedText model = default;
        var stream = false;
        while (cursor.NextProperty())
        {
            if (cursor.NameIs("model"u8))
            {
                model = cursor.ReadText();
            }
            else if (cursor.NameIs("stream"u8))
            {
                stream = cursor.ReadTrue();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (model.IsEmpty || !body.Overlaps(model.Content, out var start))
        {
            throw new RequestRejectedException(ErrorKind.Invalid, "model", "model: Field required");
        }

        return new RequestHead(model.Decode(), stream) { ModelStart = start - 1, ModelLength = model.Content.Length + 2 };
    }
}
