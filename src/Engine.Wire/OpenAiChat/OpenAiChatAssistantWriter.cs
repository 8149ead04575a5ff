using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Writes an assistant message of the history (wire/openai-chat.md §3, wire/mapping.md §1.3, §3.4, §3.5).</summary>
internal sealed class OpenAiChatAssistantWriter
{
    private readonly OpenAiChatModel _model;
    private readonly LossLedger _losses;
    private readonly JsonEmitter _emitter;
    private readonly HashSet<string> _freeform;

    public OpenAiChatAssistantWriter(CompletionRequest request, OpenAiChatModel model, LossLedger losses, JsonEmitter emitter)
    {
        _model = model;
        _losses = losses;
        _emitter = emitter;
        _freeform = [.. request.Tools.Where(static tool => tool.IsFreeform).Select(static tool => tool.Name)];
    }

    public void Write(Turn turn)
    {
        var calls = turn.Parts.OfType<ToolCallPart>().ToList();
        _emitter.ObjectStart();
        _emitter.Literal("role"u8, "assistant"u8);
        WriteContent(turn, calls.Count > 0);
        WriteRefusal(turn.Parts);
        WriteReasoning(turn.Parts);
        if (calls.Count > 0)
        {
            _emitter.ArrayStart("tool_calls"u8);
            calls.ForEach(WriteCall);
            _emitter.ArrayEnd();
        }

        _emitter.ObjectEnd();
    }

    // Neighbouring texts join as they were; texts with another block between them keep a paragraph's distance.
    private void WriteContent(Turn turn, bool hasCalls)
    {
        if (hasCalls && !turn.Parts.Any(static part => part is TextPart { Text.IsEmpty: false } or OpaquePart { Rule: LossRule.Emulated }))
        {
            _emitter.Null("content"u8);
            ReportLost(turn);
            return;
        }

        _emitter.Name("content"u8);
        _emitter.TextStart();
        bool any = false, apart = false;
        foreach (var part in turn.Parts)
        {
            var text = part switch
            {
                TextPart said => said.Text,
                OpaquePart { Rule: LossRule.Emulated } opaque => opaque.Substitute,
                _ => default,
            };
            if (text.IsEmpty)
            {
                apart |= any && part is not TextPart;
                continue;
            }

            if (apart)
            {
                _emitter.TextPiece("\n\n");
            }

            _emitter.TextPiece(text);
            any = true;
            apart = false;
        }

        _emitter.TextEnd();
        ReportLost(turn);
    }

    private void ReportLost(Turn turn)
    {
        var path = turn.Path.Length > 0 ? turn.Path : "messages";
        foreach (var part in turn.Parts)
        {
            if (part is ImagePart or DocumentPart or AudioPart or VideoPart)
            {
                _losses.Add($"{path}.content", LossRule.Reported, "An assistant message holds text only.");
            }
            else if (part is OpaquePart { Rule: not LossRule.Emulated } opaque)
            {
                _losses.Add(opaque.Path, opaque.Rule);
            }
        }
    }

    private void WriteRefusal(IReadOnlyList<Part> parts)
    {
        if (!parts.Any(static part => part is RefusalPart))
        {
            return;
        }

        _emitter.Name("refusal"u8);
        _emitter.TextStart();
        foreach (var refusal in parts.OfType<RefusalPart>())
        {
            _emitter.TextPiece(refusal.Text);
        }

        _emitter.TextEnd();
    }

    private void WriteReasoning(IReadOnlyList<Part> parts)
    {
        if (_model.Capabilities.Reasoning.ReplaysPlainText)
        {
            WritePlainReasoning(parts);
        }

        var family = _model.Capabilities.Reasoning.Family;
        if (!_model.TakesReasoningDetails || family == SignatureFamily.Unknown)
        {
            return;
        }

        var index = 0;
        foreach (var part in parts)
        {
            var signature = part switch
            {
                ReasoningPart reasoning => reasoning.Signature,
                RedactedReasoningPart redacted => redacted.Signature,
                ToolCallPart call => call.Signature,
                _ => null,
            };
            if (signature?.Family != family)
            {
                continue;
            }

            if (index == 0)
            {
                _emitter.ArrayStart("reasoning_details"u8);
            }

            WriteDetail(part, signature, index++);
        }

        if (index > 0)
        {
            _emitter.ArrayEnd();
        }
    }

    private void WriteDetail(Part part, ReasoningSignature signature, int index)
    {
        if (part is ReasoningPart reasoning)
        {
            OpenAiChatReasoningDetails.WriteSigned(_emitter, signature.Family, reasoning.Text.Text, signature.Blob.Text, index);
        }
        else
        {
            var toolId = part is ToolCallPart call ? call.Id : "";
            OpenAiChatReasoningDetails.WriteEncrypted(_emitter, signature.Family, signature.Blob.Text, index, toolId);
        }
    }

    // Servers that think by default refuse tool turns without it; a pass has filled in what is not known (wire/pitfalls.md 79).
    private void WritePlainReasoning(IReadOnlyList<Part> parts)
    {
        var texts = parts.OfType<ReasoningPart>().Where(static part => !part.Text.IsEmpty).ToList();
        if (texts.Count > 0)
        {
            _emitter.Name("reasoning_content"u8);
            _emitter.TextStart();
            texts.ForEach(text => _emitter.TextPiece(text.Text));
            _emitter.TextEnd();
        }
    }

    private void WriteCall(ToolCallPart call)
    {
        _emitter.ObjectStart();
        _emitter.Text("id"u8, call.Id);
        if (_freeform.Contains(call.Name) && OpenAiChatFreeform.TryReadInput(call.Arguments, out var input))
        {
            _emitter.Literal("type"u8, "custom"u8);
            _emitter.ObjectStart("custom"u8);
            _emitter.Text("name"u8, call.Name);
            _emitter.Text("input"u8, input);
        }
        else
        {
            _emitter.Literal("type"u8, "function"u8);
            _emitter.ObjectStart("function"u8);
            _emitter.Text("name"u8, call.Name);
            _emitter.Name("arguments"u8);
            call.Arguments.WriteAsText(_emitter);
        }

        _emitter.ObjectEnd();
        if (call.Signature is { Family: SignatureFamily.Gemini } signature && !_model.TakesReasoningDetails
            && _model.Capabilities.Reasoning.Family == SignatureFamily.Gemini)
        {
            OpenAiChatBodyWriter.WriteThoughtSignature(_emitter, signature.Blob.Text);
        }

        _emitter.ObjectEnd();
    }
}
