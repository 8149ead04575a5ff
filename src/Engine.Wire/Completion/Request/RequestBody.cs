using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Engine.Wire.Json;

namespace Engine.Wire.Completion.Request;

/// <summary>
/// A client's body parsed once, whose values are slices of the body's own memory. Dispose after reading: the tree keeps slices of
/// the body, not of this.
/// </summary>
public sealed class RequestBody : IDisposable
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonCursor.MaxDepth };

    private readonly ReadOnlyMemory<byte> _body;
    private readonly JsonDocument _document;

    private RequestBody(ReadOnlyMemory<byte> body, JsonDocument document)
    {
        _body = body;
        _document = document;
    }

    /// <summary>The top-level object.</summary>
    public JsonElement Root => _document.RootElement;

    /// <summary>Parses a body.</summary>
    /// <exception cref="RequestRejectedException">Not UTF-8, not JSON, not an object, or a name in it is not Unicode.</exception>
    public static RequestBody Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            throw new RequestRejectedException(ErrorKind.Invalid, "", "The request body is not valid UTF-8.");
        }

        JsonDocument document;
        try
        {
            CheckNames(body.Span);
            document = JsonDocument.Parse(body, Options);
        }
        catch (JsonException fault)
        {
            throw new RequestRejectedException(
                ErrorKind.Invalid, "", $"The request body is not valid JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}).");
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw new RequestRejectedException(ErrorKind.Invalid, "", "The request body must be a JSON object.");
        }

        return new RequestBody(body, document);
    }

    /// <summary>The bytes of a value, as a slice of the body.</summary>
    public JsonSlice SliceOf(JsonElement value)
    {
        var span = JsonMarshal.GetRawUtf8Value(value);
        return JsonSlice.FromUtf8(_body.Slice(OffsetOf(span), span.Length));
    }

    /// <summary>The inside of a string value, as a slice of the body. The value must be a string.</summary>
    public EscapedSlice TextOf(JsonElement value)
    {
        var span = JsonMarshal.GetRawUtf8Value(value);
        return EscapedSlice.FromContent(_body.Slice(OffsetOf(span) + 1, span.Length - 2));
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    // Looking up a property throws when a name beside it holds half a surrogate pair; in values such halves are legal and kept.
    private static void CheckNames(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\ud"u8) < 0 && body.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth });
        while (reader.Read())
        {
            var isName = reader.TokenType == JsonTokenType.PropertyName && reader.ValueIsEscaped;
            if (isName && JsonStrings.Decode(reader.ValueSpan).Contains('\uFFFD'))
            {
                throw new RequestRejectedException(ErrorKind.Invalid, "", "A property name in the request body is not valid Unicode.");
            }
        }
    }

    private int OffsetOf(ReadOnlySpan<byte> span) =>
        (int)Unsafe.ByteOffset(in MemoryMarshal.GetReference(_body.Span), in MemoryMarshal.GetReference(span));
}
