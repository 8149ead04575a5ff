using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Writes <c>messages</c> (wire/anthropic-messages.md §3) as the normalised tree says. A turn without content is left out: the
/// dialect has no empty ones.
/// </summary>
internal sealed class AnthropicTurnWriter(JsonEmitter emitter, AnthropicCacheMarks marks, LossLedger losses)
{
    private TurnRole _role;
    private string _path = "";
    private bool _isOpen;

    /// <summary>Writes one turn; results of tools come first.</summary>
    public void Write(Turn turn)
    {
        _role = turn.Role;
        _path = turn.Path.Length > 0 ? turn.Path : "messages";
        _isOpen = false;
        foreach (var result in turn.Parts.OfType<ToolResultPart>())
        {
            WriteResult(result);
        }

        foreach (var part in turn.Parts)
        {
            if (part is not ToolResultPart)
            {
                WritePart(part);
            }
        }

        if (_isOpen)
        {
            emitter.ArrayEnd();
            emitter.ObjectEnd();
        }
    }

    /// <summary>Writes a text block, unless it is empty: the dialect refuses those.</summary>
    public static void WriteText(JsonEmitter emitter, EscapedSlice text, JsonSlice cacheControl, AnthropicCacheMarks marks)
    {
        if (!text.IsEmpty)
        {
            emitter.ObjectStart();
            emitter.Literal("type"u8, "text"u8);
            emitter.Text("text"u8, text);
            marks.Write(emitter, cacheControl);
            emitter.ObjectEnd();
        }
    }

    private void WritePart(Part part)
    {
        switch (part)
        {
            case TextPart { Text.IsEmpty: false } text:
                OpenTurn();
                WriteText(emitter, text.Text, text.CacheControl, marks);
                break;
            case RefusalPart { Text.IsEmpty: false } refusal:
                OpenTurn();
                WriteText(emitter, refusal.Text, refusal.CacheControl, marks);
                break;
            case ImagePart or DocumentPart:
                WriteMedia(part, OpenTurn);
                break;
            case ToolCallPart call:
                WriteCall(call);
                break;
            case ReasoningPart { Signature: { Family: SignatureFamily.Claude } signature } reasoning:
                StartBlock("thinking"u8);
                emitter.Text("thinking"u8, reasoning.Text);
                emitter.Text("signature"u8, signature.Blob);
                emitter.ObjectEnd();
                break;
            case RedactedReasoningPart { Signature: { Family: SignatureFamily.Claude } data }:
                StartBlock("redacted_thinking"u8);
                emitter.Text("data"u8, data.Blob);
                emitter.ObjectEnd();
                break;
            case AudioPart or VideoPart:
                losses.Add(_path, LossRule.Refused, $"'{_path}' holds audio or video, which the upstream of this model does not take.");
                break;
            case OpaquePart opaque:
                losses.Add(opaque.Path, opaque.Rule);
                break;
        }
    }

    private void WriteMedia(Part part, Action open)
    {
        if (!AnthropicMediaWriter.TryWrite(emitter, part, marks, open))
        {
            losses.Add(_path, LossRule.Refused, $"'{_path}' holds a medium in a form that the upstream of this model does not take.");
        }
    }

    private void WriteCall(ToolCallPart call)
    {
        StartBlock("tool_use"u8);
        emitter.Text("id"u8, call.Id);
        emitter.Text("name"u8, call.Name);
        emitter.Name("input"u8);
        if (!call.Arguments.WriteAsObject(emitter))
        {
            losses.Add(_path, LossRule.Reported, $"'{_path}' holds a tool call whose arguments are not a JSON object.");
        }

        marks.Write(emitter, call.CacheControl);
        emitter.ObjectEnd();
    }

    private void WriteResult(ToolResultPart result)
    {
        StartBlock("tool_result"u8);
        emitter.Text("tool_use_id"u8, result.CallId);
        var isOpen = false;
        void Open()
        {
            if (!isOpen)
            {
                isOpen = true;
                emitter.ArrayStart("content"u8);
            }
        }

        foreach (var part in result.Content)
        {
            if (part is TextPart { Text.IsEmpty: false } text)
            {
                Open();
                WriteText(emitter, text.Text, text.CacheControl, marks);
            }
            else if (part is not TextPart)
            {
                WriteMedia(part, Open);
            }
        }

        if (isOpen)
        {
            emitter.ArrayEnd();
        }

        if (result.IsError)
        {
            emitter.Boolean("is_error"u8, value: true);
        }

        marks.Write(emitter, result.CacheControl);
        emitter.ObjectEnd();
    }

    private void StartBlock(ReadOnlySpan<byte> type)
    {
        OpenTurn();
        emitter.ObjectStart();
        emitter.Literal("type"u8, type);
    }

    private void OpenTurn()
    {
        if (!_isOpen)
        {
            _isOpen = true;
            emitter.ObjectStart();
            emitter.Literal("role"u8, _role switch
            {
                TurnRole.Assistant => "assistant"u8,
                TurnRole.System => "system"u8,
                _ => "user"u8,
            });
            emitter.ArrayStart("content"u8);
        }
    }
}
