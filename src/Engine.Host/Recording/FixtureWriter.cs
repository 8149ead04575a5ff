using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Engine.Host.Recording;

/// <summary>Writes both halves of a recording: the reverse of <see cref="FixtureReader"/>, secrets not its concern.</summary>
internal static class FixtureWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The request file. A body that is JSON is kept byte for byte.</summary>
    internal static byte[] WriteRequest(FixtureRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(request.Body.Length + 1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("method", request.Method);
            json.WriteString("host", request.Host);
            json.WriteString("path", request.Target);
            json.WriteStartObject("headers");
            foreach (var (name, value) in request.Headers)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            WriteBody(json, request.Body);
            WriteMeta(json, request.Meta);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The head of the response file; the raw body follows it.</summary>
    internal static byte[] WriteHead(FixtureHead head)
    {
        var text = new StringBuilder("HTTP/1.1 ").Append(head.Status.ToString(CultureInfo.InvariantCulture));
        var reason = ReasonPhrases.GetReasonPhrase(head.Status);
        text.Append(reason.Length > 0 ? " " : "").Append(reason).Append("\r\n");
        foreach (var (name, value) in head.Headers)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private static void WriteBody(Utf8JsonWriter json, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            json.WriteNull("body");
        }
        else if (IsJson(body.Span))
        {
            json.WritePropertyName("body");
            json.WriteRawValue(body.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteNull("body");
            json.WriteString("body_text", Encoding.UTF8.GetString(body.Span));
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        if (!System.Text.Unicode.Utf8.IsValid(body))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
            var isNull = reader.Read() && reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            return !isNull && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void WriteMeta(Utf8JsonWriter json, FixtureMeta meta)
    {
        json.WriteStartObject("meta");
        json.WriteString("fidelity", meta.Fidelity);
        json.WriteBoolean("request_recorded", meta.RequestRecorded);
        if (meta.WasEncoded)
        {
            json.WriteBoolean("was_encoded", true);
        }

        if (meta.EndsInReset)
        {
            json.WriteString("ended", "reset");
        }

        if (meta.HeadDelay > 0)
        {
            json.WriteNumber("head_delay", meta.HeadDelay);
        }

        if (meta.Chunks is { } chunks)
        {
            json.WriteStartArray("chunks");
            foreach (var size in chunks)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
        }

        if (meta.Timing is { } timing)
        {
            json.WriteStartArray("timing");
            foreach (var at in timing)
            {
                json.WriteNumberValue(at);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
