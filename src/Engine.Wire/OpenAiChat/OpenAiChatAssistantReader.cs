using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using static Engine.Wire.OpenAiChat.OpenAiChatFieldReader;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Reads an assistant message of the history (wire/openai-chat.md §3, wire/mapping.md §3.5): reasoning first, then what was said,
/// then the calls. Signatures come back from <c>reasoning_details</c> and <c>extra_content</c>.
/// </summary>
internal sealed class OpenAiChatAssistantReader
{
    private readonly OpenAiChatFieldReader _fields;
    private readonly OpenAiChatPartReader _parts;

    public OpenAiChatAssistantReader(OpenAiChatFieldReader fields, OpenAiChatPartReader parts)
    {
        _fields = fields;
        _parts = parts;
    }

    public List<Part> Read(JsonElement message, string path)
    {
        var calls = ReadCalls(message, path);
        var parts = ReadReasoning(message, path, calls);
        var content = _parts.ReadContent(message, path, OpenAiChatPartReader.Allowed.Assistant);

        // An empty text beside calls says nothing, and other dialects refuse it (wire/pitfalls.md 69).
        parts.AddRange(content.Where(part => calls.Count == 0 || part is not TextPart { Text.IsEmpty: true }));
        if (TryGet(message, "refusal"u8, out var refusal))
        {
            parts.Add(new RefusalPart(_fields.AsText(refusal, $"{path}.refusal")));
        }

        ReadImages(message, path, parts);
        if (TryGet(message, "audio"u8, out var audio))
        {
            parts.Add(new OpaquePart($"{path}.audio", _fields.Raw(audio), LossRule.Refused, default));
        }

        SignMessage(message, path, parts, calls);
        parts.AddRange(calls);
        return parts;
    }

    private List<ToolCallPart> ReadCalls(JsonElement message, string path)
    {
        var calls = new List<ToolCallPart>();
        if (TryGet(message, "tool_calls"u8, out var list))
        {
            var index = 0;
            foreach (var call in AsArray(list, $"{path}.tool_calls").EnumerateArray())
            {
                calls.Add(ReadCall(call, $"{path}.tool_calls[{index++}]"));
            }
        }
        else if (TryGet(message, "function_call"u8, out var legacy))
        {
            calls.Add(ReadFunction(AsObject(legacy, $"{path}.function_call"), "", $"{path}.function_call"));
        }

        return calls;
    }

    private ToolCallPart ReadCall(JsonElement call, string path)
    {
        var id = TryGet(AsObject(call, path), "id"u8, out var value) ? AsString(value, $"{path}.id") : "";
        if (TryGet(call, "custom"u8, out var custom))
        {
            var input = _fields.Raw(Require(AsObject(custom, $"{path}.custom"), "input"u8, $"{path}.custom.input"));
            byte[] arguments = [.. "{\"input\":"u8, .. input.Utf8.Span, (byte)'}'];
            return new ToolCallPart(
                id,
                RequireName(custom, "name"u8, $"{path}.custom.name"),
                ToolArguments.FromObject(JsonSlice.FromUtf8(arguments)));
        }

        var function = RequireObject(call, "function"u8, $"{path}.function");
        var part = ReadFunction(function, id, $"{path}.function");
        return ReadThoughtSignature(call, path) is { } signature ? part with { Signature = signature } : part;
    }

    private ToolCallPart ReadFunction(JsonElement function, string id, string path)
    {
        var name = RequireName(function, "name"u8, $"{path}.name");
        if (!TryGet(function, "arguments"u8, out var arguments))
        {
            return new ToolCallPart(id, name, default);
        }

        return new ToolCallPart(id, name, arguments.ValueKind == JsonValueKind.Object
            ? ToolArguments.FromObject(_fields.Raw(arguments))
            : ToolArguments.FromText(_fields.AsText(arguments, $"{path}.arguments")));
    }

    private List<Part> ReadReasoning(JsonElement message, string path, List<ToolCallPart> calls)
    {
        var plain = ReadPlainReasoning(message, path);
        var parts = new List<Part>();
        if (TryGet(message, "reasoning_details"u8, out var details) && details.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var detail in details.EnumerateArray())
            {
                var detailPath = $"{path}.reasoning_details[{index++}]";
                if (ReadDetail(AsObject(detail, detailPath), detailPath, calls) is { } part)
                {
                    parts.Add(part);
                }
            }
        }

        if (parts.Exists(static part => part is ReasoningPart { Text.IsEmpty: false }) || plain.IsEmpty)
        {
            return parts;
        }

        // The stream showed the text in reasoning_content and its signature alone in the details: one block belongs to one signature.
        var signed = parts.FindAll(static part => part is ReasoningPart);
        if (signed is [ReasoningPart only])
        {
            parts[parts.IndexOf(only)] = only with { Text = plain };
        }
        else if (signed.Count == 0)
        {
            parts.Insert(0, new ReasoningPart(plain, null));
        }

        return parts;
    }

    private EscapedSlice ReadPlainReasoning(JsonElement message, string path)
    {
        foreach (var name in (ReadOnlySpan<string>)["reasoning_content", "reasoning", "reasoning_text"])
        {
            if (message.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return _fields.AsText(value, $"{path}.{name}");
            }
        }

        return default;
    }

    private Part? ReadDetail(JsonElement detail, string path, List<ToolCallPart> calls)
    {
        var family = OpenAiChatReasoningDetails.FamilyOf(_fields.OptionalText(detail, "format"u8, $"{path}.format").Text);
        if (TryGet(detail, "data"u8, out var data))
        {
            var blob = SignatureCarrier.Decode(_fields.AsText(data, $"{path}.data"), family);
            return TrySignCall(detail, blob, calls) ? null : new RedactedReasoningPart(blob);
        }

        var text = _fields.OptionalText(detail, "text"u8, $"{path}.text") is { IsPresent: true } said
            ? said
            : _fields.OptionalText(detail, "summary"u8, $"{path}.summary");
        var signature = _fields.OptionalText(detail, "signature"u8, $"{path}.signature");
        return text.IsEmpty && signature.IsEmpty
            ? null
            : new ReasoningPart(text, signature.IsEmpty ? null : SignatureCarrier.Decode(signature, family));
    }

    // OpenRouter ties a Gemini signature to its call by the call's id.
    private static bool TrySignCall(JsonElement detail, ReasoningSignature blob, List<ToolCallPart> calls)
    {
        if (blob.Family != SignatureFamily.Gemini || !TryGet(detail, "id"u8, out var id) || id.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var callId = AsString(id, "id");
        var index = calls.FindIndex(call => call.Id.Length > 0 && call.Id == callId);
        if (index >= 0)
        {
            calls[index] = calls[index] with { Signature = blob };
        }

        return index >= 0;
    }

    // Gemini's compatible endpoint signs the message as a whole: the first call when there is one, else the text.
    private void SignMessage(JsonElement message, string path, List<Part> parts, List<ToolCallPart> calls)
    {
        if (ReadThoughtSignature(message, path) is not { } signature)
        {
            return;
        }

        var text = parts.FindLastIndex(static part => part is TextPart);
        if (calls.Count > 0)
        {
            calls[0] = calls[0] with { Signature = calls[0].Signature ?? signature };
        }
        else if (text >= 0)
        {
            parts[text] = ((TextPart)parts[text]) with { Signature = signature };
        }
        else
        {
            parts.Add(new ReasoningPart(default, signature));
        }
    }

    private ReasoningSignature? ReadThoughtSignature(JsonElement parent, string path) =>
        TryGet(parent, "extra_content"u8, out var extra)
        && extra.ValueKind == JsonValueKind.Object
        && TryGet(extra, "google"u8, out var google)
        && google.ValueKind == JsonValueKind.Object
        && TryGet(google, "thought_signature"u8, out var signature)
            ? SignatureCarrier.Decode(_fields.AsText(signature, $"{path}.extra_content.google.thought_signature"), SignatureFamily.Gemini)
            : null;

    private void ReadImages(JsonElement message, string path, List<Part> parts)
    {
        if (!TryGet(message, "images"u8, out var images))
        {
            return;
        }

        var index = 0;
        foreach (var image in AsArray(images, $"{path}.images").EnumerateArray())
        {
            var imagePath = $"{path}.images[{index++}].image_url";
            parts.Add(_parts.ReadImage(Require(AsObject(image, imagePath), "image_url"u8, imagePath), imagePath));
        }
    }
}
