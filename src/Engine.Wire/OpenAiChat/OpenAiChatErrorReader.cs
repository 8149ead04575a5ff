using System.Globalization;
using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Reads an error in any of the shapes that OpenAI and compatible servers use (wire/openai-chat.md §7).</summary>
public static class OpenAiChatErrorReader
{
    /// <summary>
    /// Reads an error body, or an error event when <paramref name="status"/> is 0: JSON of any shape, text, HTML or nothing. The
    /// message is safe to show to a client.
    /// </summary>
    public static UpstreamError Read(int status, ReadOnlySpan<byte> body)
    {
        var found = default(Found);
        var trimmed = body.Trim(" \t\r\n"u8);
        try
        {
            if (!trimmed.IsEmpty && trimmed[0] is (byte)'{' or (byte)'[' or (byte)'"')
            {
                ReadValue(RawJson.FromUtf8(trimmed), ref found);
            }
            else if (!trimmed.IsEmpty && trimmed[0] != (byte)'<')
            {
                found.Message = System.Text.Encoding.UTF8.GetString(trimmed);
            }
        }
        catch (JsonException)
        {
            found = default;
        }

        return ToError(status, found);
    }

    /// <summary>True when an object without an answer in it says that something failed.</summary>
    internal static bool LooksLikeError(ReadOnlySpan<byte> data)
    {
        var found = default(Found);
        ReadValue(RawJson.FromUtf8(data), ref found);
        return found.Message is { Length: > 0 };
    }

    /// <summary>Reads the value of an <c>error</c> property.</summary>
    internal static UpstreamError ReadError(int status, RawJson error)
    {
        var found = default(Found);
        ReadValue(error, ref found);
        return ToError(status, found);
    }

    private static UpstreamError ToError(int status, in Found found)
    {
        var message = UpstreamText.Clean(found.Message ?? "");
        var effective = status is 0 or 200 ? found.Status : status;
        if (message.Length == 0)
        {
            message = effective > 0
                ? string.Create(CultureInfo.InvariantCulture, $"The upstream answered with status {effective} and said nothing.")
                : "The upstream reported an error and said nothing.";
        }

        var kind = OpenAiChatErrorKinds.Classify(effective, found.Code, found.Type, $"{found.Message} {found.Detail}");
        return new UpstreamError(kind, message)
        {
            UpstreamStatus = effective,
            Code = UpstreamText.Token(found.Code ?? found.Type),
            Param = UpstreamText.Token(found.Param),
            RetryAfter = found.RetryAfter ?? RetryWords.Find(found.Message ?? "") ?? RetryWords.Find(found.Detail ?? ""),
            ResetsAtUnixSeconds = found.ResetsAt,
            Window = OpenAiChatErrorKinds.WindowOf(kind, effective, found.Code, found.Type, $"{found.Message} {found.Detail}"),
        };
    }

    private static void ReadValue(RawJson value, ref Found found)
    {
        var cursor = new JsonCursor(value.Utf8);
        switch (value.Utf8[0])
        {
            case (byte)'"':
                found.Message ??= cursor.ReadText().Decode();
                break;
            case (byte)'[':
                // Gemini's endpoints wrap the object, FastAPI lists faults under `detail`.
                cursor.EnterArray();
                while (cursor.NextElement())
                {
                    ReadValue(cursor.ReadRaw(), ref found, skipEmpty: true);
                }

                break;
            case (byte)'{':
                ReadObject(ref cursor, ref found);
                break;
            default:
                break;
        }
    }

    private static void ReadValue(RawJson value, ref Found found, bool skipEmpty)
    {
        if (!(skipEmpty && value.IsEmpty))
        {
            ReadValue(value, ref found);
        }
    }

    private static void ReadObject(ref JsonCursor cursor, ref Found found)
    {
        cursor.EnterObject();
        while (cursor.NextProperty())
        {
            if (cursor.NameIs("message"u8) || cursor.NameIs("msg"u8))
            {
                found.Message ??= TextOf(ref cursor);
            }
            else if (cursor.NameIs("error"u8) || cursor.NameIs("detail"u8))
            {
                ReadValue(cursor.ReadRaw(), ref found, skipEmpty: true);
            }
            else if (cursor.NameIs("code"u8))
            {
                ReadCode(ref cursor, ref found);
            }
            else if (cursor.NameIs("status"u8))
            {
                ReadStatus(ref cursor, ref found);
            }
            else if (cursor.NameIs("type"u8))
            {
                found.Type ??= TextOf(ref cursor);
            }
            else if (cursor.NameIs("param"u8))
            {
                found.Param ??= TextOf(ref cursor);
            }
            else if (cursor.NameIs("retry_after"u8) || cursor.NameIs("resets_in_seconds"u8))
            {
                found.RetryAfter ??= RetryWords.Seconds(cursor.ReadRaw());
            }
            else if (cursor.NameIs("resets_at"u8))
            {
                found.ResetsAt ??= RetryWords.Instant(cursor.ReadRaw());
            }
            else if (cursor.NameIs("metadata"u8))
            {
                ReadMetadata(ref cursor, ref found);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    // OpenRouter's message is often only "Provider returned error"; the provider's own words decide the kind but are not shown.
    private static void ReadMetadata(ref JsonCursor cursor, ref Found found)
    {
        if (!cursor.EnterObject())
        {
            return;
        }

        while (cursor.NextProperty())
        {
            if (cursor.NameIs("raw"u8))
            {
                found.Detail ??= TextOf(ref cursor);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    private static void ReadCode(ref JsonCursor cursor, ref Found found)
    {
        var raw = cursor.ReadRaw();
        if (raw.IsEmpty)
        {
            return;
        }

        var inner = new JsonCursor(raw.Utf8);
        if (raw.Utf8[0] == (byte)'"')
        {
            found.Code ??= inner.ReadText().Decode();
        }
        else if (inner.TryReadInteger(out var number))
        {
            found.Code ??= number.ToString(CultureInfo.InvariantCulture);
            found.Status = found.Status == 0 && number is >= 400 and <= 599 ? (int)number : found.Status;
        }
    }

    private static void ReadStatus(ref JsonCursor cursor, ref Found found)
    {
        var raw = cursor.ReadRaw();
        if (raw.IsEmpty)
        {
            return;
        }

        var inner = new JsonCursor(raw.Utf8);
        if (inner.TryReadInteger(out var number) && number is >= 400 and <= 599)
        {
            found.Status = (int)number;
        }
        else if (raw.Utf8[0] == (byte)'"')
        {
            found.Type ??= EscapedText.FromContent(raw.Utf8[1..^1]).Decode();
        }
    }

    private static string? TextOf(ref JsonCursor cursor) => cursor.TryReadText(out var text) ? text.Decode() : null;

    private struct Found
    {
        public string? Message;
        public string? Detail;
        public string? Type;
        public string? Code;
        public string? Param;
        public int Status;
        public TimeSpan? RetryAfter;
        public long? ResetsAt;
    }
}
