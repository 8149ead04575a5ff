using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using static Engine.Wire.OpenAiChat.OpenAiChatFieldReader;

namespace Engine.Wire.OpenAiChat;

/// <summary>Reads a Chat Completions request (wire/openai-chat.md §2 to §4, wire/mapping.md §1 to §6).</summary>
public static class OpenAiChatRequestReader
{
    private const int MaximumCandidates = 128;

    /// <summary>Reads what routing needs in one pass; of duplicate keys the last wins.</summary>
    /// <exception cref="RequestRejectedException">Not a JSON object, or no model.</exception>
    public static RequestHead ReadHead(ReadOnlyMemory<byte> body)
    {
        RawJson model = default;
        bool stream = false, includeUsage = false;
        try
        {
            var cursor = new JsonCursor(body.Span);
            if (!cursor.EnterObject())
            {
                throw new RequestRejectedException(ErrorKind.Invalid, "", "The request body must be a JSON object.");
            }

            while (cursor.NextProperty())
            {
                if (cursor.NameIs("model"u8))
                {
                    model = cursor.ReadRaw();
                }
                else if (cursor.NameIs("stream"u8))
                {
                    stream = cursor.ReadTrue();
                }
                else if (cursor.NameIs("stream_options"u8))
                {
                    includeUsage = ReadIncludeUsage(ref cursor);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
        }
        catch (JsonException fault)
        {
            var place = $"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}";
            throw new RequestRejectedException(ErrorKind.Invalid, "", $"The request body is not valid JSON ({place}).");
        }

        if (model.IsEmpty)
        {
            throw new RequestRejectedException(ErrorKind.Invalid, "model", "Missing required parameter: 'model'.");
        }

        if (model.Utf8[0] != (byte)'"' || model.Utf8.Length == 2)
        {
            throw new RequestRejectedException(ErrorKind.Invalid, "model", "Invalid 'model': expected a string that is not empty.");
        }

        body.Span.Overlaps(model.Utf8, out var offset);
        return new RequestHead(EscapedText.FromContent(model.Utf8[1..^1]).Decode(), stream)
        {
            ModelStart = offset,
            ModelLength = model.Utf8.Length,
            IncludeUsage = stream && includeUsage,
        };
    }

    /// <summary>Reads the whole request. The tree's leaves are slices of <paramref name="bytes"/>.</summary>
    /// <exception cref="RequestRejectedException">A field is missing or malformed; the message names it.</exception>
    public static CompletionRequest Read(ReadOnlyMemory<byte> bytes)
    {
        using var body = RequestBody.Parse(bytes);
        var fields = new OpenAiChatFieldReader(body);
        var root = body.Root;
        var foreign = OpenAiChatForeignFields.Read(fields, root);
        var (system, turns) = new OpenAiChatMessageReader(fields, foreign).Read(root);
        var stream = TryGet(root, "stream"u8, out var wanted) && AsBoolean(wanted, "stream");
        return new CompletionRequest
        {
            Model = RequireName(root, "model"u8, "model"),
            Stream = stream,
            IncludeUsage = ReadIncludeUsage(root) && stream,
            System = system,
            Turns = turns,
            Tools = OpenAiChatToolReader.ReadTools(fields, root),
            ToolChoice = OpenAiChatToolReader.ReadChoice(root),
            ParallelToolCalls = TryGet(root, "parallel_tool_calls"u8, out var parallel) ? AsBoolean(parallel, "parallel_tool_calls") : null,
            Reasoning = OpenAiChatReasoningReader.Read(root),
            Sampling = ReadSampling(root),
            MaxOutputTokens = ReadMaximum(root),
            Candidates = TryGet(root, "n"u8, out var n) ? (int)AsInteger(n, "n", 1, MaximumCandidates) : 1,
            StopSequences = ReadStop(fields, root),
            Format = ReadFormat(fields, root),
            User = fields.OptionalText(root, "safety_identifier"u8, "safety_identifier") is { IsPresent: true } user
                ? user
                : fields.OptionalText(root, "user"u8, "user"),
            Foreign = foreign,
        };
    }

    private static bool ReadIncludeUsage(ref JsonCursor cursor)
    {
        var include = false;
        if (cursor.EnterObject())
        {
            while (cursor.NextProperty())
            {
                if (cursor.NameIs("include_usage"u8))
                {
                    include = cursor.ReadTrue();
                }
                else
                {
                    cursor.SkipValue();
                }
            }
        }

        return include;
    }

    private static bool ReadIncludeUsage(JsonElement root) =>
        TryGet(root, "stream_options"u8, out var options)
        && TryGet(AsObject(options, "stream_options"), "include_usage"u8, out var include)
        && AsBoolean(include, "stream_options.include_usage");

    private static Sampling ReadSampling(JsonElement root) => new()
    {
        Temperature = OptionalNumber(root, "temperature"u8, "temperature"),
        TopP = OptionalNumber(root, "top_p"u8, "top_p"),
        TopK = OptionalInteger(root, "top_k"u8, "top_k"),
        PresencePenalty = OptionalNumber(root, "presence_penalty"u8, "presence_penalty"),
        FrequencyPenalty = OptionalNumber(root, "frequency_penalty"u8, "frequency_penalty"),
        Seed = OptionalInteger(root, "seed"u8, "seed"),
    };

    private static double? OptionalNumber(JsonElement root, ReadOnlySpan<byte> name, string path) =>
        TryGet(root, name, out var value) ? AsNumber(value, path) : null;

    private static long? OptionalInteger(JsonElement root, ReadOnlySpan<byte> name, string path) =>
        TryGet(root, name, out var value) ? AsInteger(value, path, long.MinValue, long.MaxValue) : null;

    private static long? ReadMaximum(JsonElement root)
    {
        if (TryGet(root, "max_completion_tokens"u8, out var maximum))
        {
            return AsInteger(maximum, "max_completion_tokens", 1, long.MaxValue);
        }

        return TryGet(root, "max_tokens"u8, out maximum) ? AsInteger(maximum, "max_tokens", 1, long.MaxValue) : null;
    }

    private static EscapedSlice[] ReadStop(OpenAiChatFieldReader fields, JsonElement root)
    {
        if (!TryGet(root, "stop"u8, out var stop))
        {
            return [];
        }

        return stop.ValueKind switch
        {
            JsonValueKind.String => [fields.AsText(stop, "stop")],
            JsonValueKind.Array => [.. stop.EnumerateArray().Select((each, i) => fields.AsText(each, $"stop[{i}]"))],
            _ => throw WrongType(stop, "stop", "a string or an array of strings"),
        };
    }

    private static OutputFormat ReadFormat(OpenAiChatFieldReader fields, JsonElement root)
    {
        if (!TryGet(root, "response_format"u8, out var format))
        {
            return OutputFormat.Text;
        }

        AsObject(format, "response_format");
        var type = RequireString(format, "type"u8, "response_format.type");
        switch (type)
        {
            case "text":
                return OutputFormat.Text;
            case "json_object":
                return new OutputFormat(OutputFormatKind.JsonObject);
            case "json_schema":
                const string Path = "response_format.json_schema";
                var schema = RequireObject(format, "json_schema"u8, Path);
                return new OutputFormat(OutputFormatKind.JsonSchema)
                {
                    Name = fields.OptionalText(schema, "name"u8, $"{Path}.name"),
                    Description = fields.OptionalText(schema, "description"u8, $"{Path}.description"),
                    Schema = TryGet(schema, "schema"u8, out var definition) ? fields.Raw(AsObject(definition, $"{Path}.schema")) : default,
                    Strict = TryGet(schema, "strict"u8, out var strict) ? AsBoolean(strict, $"{Path}.strict") : null,
                };
            default:
                throw NotAllowed(type, "response_format.type", "'text', 'json_object' and 'json_schema'");
        }
    }
}
