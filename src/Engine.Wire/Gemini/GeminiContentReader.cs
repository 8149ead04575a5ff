using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Reads <c>contents</c> and <c>systemInstruction</c> (wire/gemini.md §2).</summary>
internal sealed class GeminiContentReader(RequestBody body, ImageDetail detail)
{
    /// <summary>The conversation. Neighbouring contents of the model are one turn: SDKs keep one per streamed chunk.</summary>
    public List<Turn> ReadContents(JsonElement contents, string path)
    {
        var turns = new List<Turn>();
        GeminiTurnBuilder? open = null;
        foreach (var (content, contentPath) in GeminiFields.Each(contents, path))
        {
            var role = RoleOf(content, contentPath);
            if (open is null || role != TurnRole.Assistant || open.Role != role)
            {
                Close(open, turns);
                open = new GeminiTurnBuilder(role, contentPath);
            }

            ReadParts(content, contentPath, open);
        }

        Close(open, turns);
        return turns;
    }

    /// <summary>System texts: a content, a list of parts, or a plain string. Its role means nothing.</summary>
    public List<TextPart> ReadSystem(JsonElement instruction, string path)
    {
        if (instruction.ValueKind == JsonValueKind.String)
        {
            return [new TextPart(body.TextOf(instruction))];
        }

        var parts = instruction;
        var partsPath = path;
        if (instruction.ValueKind == JsonValueKind.Object && !instruction.TryGetProperty("text"u8, out _))
        {
            partsPath = $"{path}.parts";
            if (!GeminiFields.TryGet(instruction, "parts", out parts))
            {
                return [];
            }
        }

        var texts = new List<TextPart>();
        foreach (var (part, partPath) in GeminiFields.Each(parts, partsPath))
        {
            if (!GeminiFields.TryGet(part, "text", out var text) || text.ValueKind != JsonValueKind.String)
            {
                throw GeminiFields.Reject(partPath, "must hold text; a system instruction takes nothing else");
            }

            texts.Add(new TextPart(body.TextOf(text)));
        }

        return texts;
    }

    private static void Close(GeminiTurnBuilder? builder, List<Turn> turns)
    {
        if (builder is not null)
        {
            turns.Add(builder.Build());
        }
    }

    private static TurnRole RoleOf(JsonElement content, string path)
    {
        GeminiFields.Object(content, path);
        var role = GeminiFields.WordOf(content, "role", path);
        return role switch
        {
            "model" => TurnRole.Assistant,
            "" or "user" or "function" => TurnRole.User,
            _ => throw GeminiFields.Reject($"{path}.role", "must be user or model"),
        };
    }

    private void ReadParts(JsonElement content, string path, GeminiTurnBuilder turn)
    {
        if (!GeminiFields.TryGet(content, "parts", out var parts))
        {
            return;
        }

        foreach (var (part, partPath) in GeminiFields.Each(parts, $"{path}.parts"))
        {
            if (ReadPart(GeminiFields.Object(part, partPath), partPath) is { } read)
            {
                turn.Add(read);
            }
        }
    }

    private Part? ReadPart(JsonElement part, string path)
    {
        var signature = SignatureOf(part, path, out var redacted);
        if (GeminiFields.TryGet(part, "text", out var text))
        {
            return text.ValueKind == JsonValueKind.String
                ? Text(body.TextOf(text), IsThought(part, path), signature, redacted)
                : throw GeminiFields.Wrong($"{path}.text", "a string");
        }

        if (GeminiFields.TryGet(part, "functionCall", out var call))
        {
            return ReadCall(call, $"{path}.functionCall", signature);
        }

        if (GeminiFields.TryGet(part, "functionResponse", out var response))
        {
            return GeminiResultReader.Read(body, response, $"{path}.functionResponse");
        }

        if (GeminiMediaReader.TryRead(body, part, path, detail, signature, out var media))
        {
            return media;
        }

        if (GeminiHostedParts.TryRead(body, part, path, out var hosted))
        {
            return hosted;
        }

        if (signature is not null)
        {
            return Text(EscapedSlice.FromContent(default), IsThought(part, path), signature, redacted);
        }

        var isEmpty = !part.EnumerateObject().Any(static property => property.Name is not ("thought" or "thoughtSignature" or "thought_signature"));
        return isEmpty ? null : throw GeminiFields.Reject(path, "holds none of text, inlineData, fileData, functionCall and functionResponse");
    }

    // A carrier says by itself that it is reasoning, however the client stored the part.
    private static Part Text(EscapedSlice text, bool isThought, ReasoningSignature? signature, bool redacted)
    {
        if (redacted)
        {
            return new RedactedReasoningPart(signature!);
        }

        var carried = signature is { Family: not SignatureFamily.Gemini };
        return isThought || (carried && text.IsEmpty)
            ? new ReasoningPart(text, signature)
            : new TextPart(text) { Signature = carried ? null : signature };
    }

    private static bool IsThought(JsonElement part, string path) =>
        GeminiFields.TryGet(part, "thought", out var thought) && GeminiFields.Boolean(thought, $"{path}.thought");

    private ReasoningSignature? SignatureOf(JsonElement part, string path, out bool redacted)
    {
        redacted = false;
        if (!GeminiFields.TryGet(part, "thoughtSignature", out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String
            ? GeminiSignatures.Read(body.TextOf(value), out redacted)
            : throw GeminiFields.Wrong($"{path}.thoughtSignature", "a string of base64");
    }

    private ToolCallPart ReadCall(JsonElement call, string path, ReasoningSignature? signature)
    {
        GeminiFields.Object(call, path);
        var name = GeminiFields.WordOf(call, "name", path);
        if (name.Length == 0)
        {
            throw GeminiFields.Reject($"{path}.name", "is required");
        }

        var arguments = GeminiFields.TryGet(call, "args", out var args)
            ? ToolArguments.FromObject(body.SliceOf(GeminiFields.Object(args, $"{path}.args")))
            : default;
        return new ToolCallPart(GeminiFields.WordOf(call, "id", path), name, arguments) { Signature = signature };
    }
}
