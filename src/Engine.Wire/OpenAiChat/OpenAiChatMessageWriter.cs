using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Writes the conversation (wire/openai-chat.md §3, wire/mapping.md §1 and §2.7). Nothing may stand between a call and its results:
/// tool messages go first, and what a tool message cannot hold follows the whole batch as a user message.
/// </summary>
internal sealed class OpenAiChatMessageWriter
{
    private readonly CompletionRequest _request;
    private readonly OpenAiChatModel _model;
    private readonly LossLedger _losses;
    private readonly JsonEmitter _emitter;
    private readonly OpenAiChatPartWriter _parts;
    private readonly OpenAiChatAssistantWriter _assistant;

    // Images and documents of tool results, until the batch of results is over.
    private readonly List<(string CallId, List<Part> Parts)> _attachments = [];

    public OpenAiChatMessageWriter(CompletionRequest request, OpenAiChatModel model, LossLedger losses, JsonEmitter emitter)
    {
        _request = request;
        _model = model;
        _losses = losses;
        _emitter = emitter;
        _parts = new OpenAiChatPartWriter(model, losses, emitter);
        _assistant = new OpenAiChatAssistantWriter(request, model, losses, emitter);
    }

    public void Write()
    {
        foreach (var text in _request.System)
        {
            WriteMessage(SystemRole, [text], "system");
        }

        if (_request.Format.Kind == OutputFormatKind.JsonObject && !OpenAiChatJsonMention.IsIn(_request))
        {
            // OpenAI refuses json_object when no message says "json".
            WriteMessage(SystemRole, [new TextPart(EscapedSlice.FromString("Respond with one JSON object."))], "response_format");
            _losses.Add("response_format", LossRule.Emulated);
        }

        foreach (var turn in _request.Turns)
        {
            WriteTurn(turn);
        }

        FlushAttachments();
    }

    private ReadOnlySpan<byte> SystemRole => _model.DeveloperRole ? "developer"u8 : "system"u8;

    private void WriteTurn(Turn turn)
    {
        switch (turn.Role)
        {
            case TurnRole.System:
                FlushAttachments();
                WriteMessage(SystemRole, turn.Parts, turn.Path);
                break;
            case TurnRole.Assistant:
                FlushAttachments();
                _assistant.Write(turn);
                break;
            default:
                WriteUser(turn);
                break;
        }
    }

    private void WriteUser(Turn turn)
    {
        var rest = new List<Part>();
        foreach (var part in turn.Parts)
        {
            if (part is ToolResultPart result)
            {
                WriteResult(result, turn.Path);
            }
            else
            {
                rest.Add(part);
            }
        }

        if (rest.Count > 0 || turn.Parts.Count == 0)
        {
            FlushAttachments();
            WriteMessage("user"u8, rest, turn.Path);
        }
    }

    private void WriteResult(ToolResultPart result, string path)
    {
        var texts = result.Content.OfType<TextPart>().ToList();
        var media = result.Content.Where(static part => part is not TextPart).ToList();
        _emitter.ObjectStart();
        _emitter.Literal("role"u8, "tool"u8);
        _emitter.Text("tool_call_id"u8, result.CallId);
        _emitter.Name("content"u8);
        _emitter.TextStart();
        if (result.IsError && !(texts.Count > 0 && texts[0].Text.Content.Span.StartsWith("Error"u8)))
        {
            _emitter.TextPiece("Error: ");
        }

        OpenAiChatPartWriter.WriteJoined(_emitter, texts, "\n");
        if (texts.Count == 0 && media.Count > 0)
        {
            _emitter.TextPiece("[see attached]");
        }

        _emitter.TextEnd();
        _emitter.ObjectEnd();
        if (media.Count > 0)
        {
            _attachments.Add((result.CallId, media));
            _losses.Add(path.Length > 0 ? $"{path}.content" : "messages", LossRule.Emulated);
        }
    }

    private void FlushAttachments()
    {
        foreach (var (callId, parts) in _attachments)
        {
            WriteMessage("user"u8, [new TextPart(EscapedSlice.FromString($"Attachments of tool call {callId}:")), .. parts], "messages");
        }

        _attachments.Clear();
    }

    private void WriteMessage(ReadOnlySpan<byte> role, IReadOnlyList<Part> parts, string path)
    {
        _emitter.ObjectStart();
        _emitter.Literal("role"u8, role);
        _parts.WriteContent(parts, path);
        _emitter.ObjectEnd();
    }
}
