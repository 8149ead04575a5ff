using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using static Engine.Wire.OpenAiChat.OpenAiChatFieldReader;

namespace Engine.Wire.OpenAiChat;

/// <summary>Reads the conversation (wire/openai-chat.md §3, wire/mapping.md §1.1, §1.3, §2.7).</summary>
internal sealed class OpenAiChatMessageReader
{
    private const string Roles = "'system', 'developer', 'user', 'assistant', 'tool' and 'function'";

    private readonly OpenAiChatFieldReader _fields;
    private readonly List<ForeignField> _foreign;
    private readonly OpenAiChatPartReader _parts;

    public OpenAiChatMessageReader(OpenAiChatFieldReader fields, List<ForeignField> foreign)
    {
        _fields = fields;
        _foreign = foreign;
        _parts = new OpenAiChatPartReader(fields);
    }

    public (List<TextPart> System, List<Turn> Turns) Read(JsonElement root)
    {
        var messages = RequireArray(root, "messages"u8, "messages");
        if (messages.GetArrayLength() == 0)
        {
            throw new RequestRejectedException(ErrorKind.Invalid, "messages", "Invalid 'messages': expected at least one message.");
        }

        var system = new List<TextPart>();
        var turns = new List<Turn>();
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"messages[{index++}]";
            var role = AsString(Require(AsObject(message, path), "role"u8, $"{path}.role"), $"{path}.role");
            if (role is "system" or "developer")
            {
                ReadSystem(message, path, system, turns);
            }
            else
            {
                var speaker = role == "assistant" ? TurnRole.Assistant : TurnRole.User;
                turns.Add(new Turn(speaker, ReadParts(message, role, path)) { Path = path });
            }

            NoteName(message, role, path);
        }

        return (system, turns);
    }

    // Leading texts are the system prompt; later ones keep their place, since moving them changes their meaning.
    private void ReadSystem(JsonElement message, string path, List<TextPart> system, List<Turn> turns)
    {
        var texts = _parts.ReadContent(message, path, OpenAiChatPartReader.Allowed.Text).OfType<TextPart>().ToList();
        if (turns.Count == 0)
        {
            system.AddRange(texts);
        }
        else
        {
            turns.Add(new Turn(TurnRole.System, texts) { Path = path });
        }
    }

    private List<Part> ReadParts(JsonElement message, string role, string path) => role switch
    {
        "user" => _parts.ReadContent(message, path, OpenAiChatPartReader.Allowed.Everything),
        "assistant" => new OpenAiChatAssistantReader(_fields, _parts).Read(message, path),
        "tool" =>
        [
            new ToolResultPart(
                RequireString(message, "tool_call_id"u8, $"{path}.tool_call_id"),
                TryGet(message, "name"u8, out var tool) ? AsString(tool, $"{path}.name") : "",
                _parts.ReadContent(message, path, OpenAiChatPartReader.Allowed.Everything),
                IsError: false),
        ],
        "function" =>
        [
            new ToolResultPart(
                "",
                RequireName(message, "name"u8, $"{path}.name"),
                _parts.ReadContent(message, path, OpenAiChatPartReader.Allowed.Everything),
                IsError: false),
        ],
        _ => throw NotAllowed(role, $"{path}.role", Roles),
    };

    private void NoteName(JsonElement message, string role, string path)
    {
        if (role is not ("tool" or "function") && TryGet(message, "name"u8, out var name))
        {
            _foreign.Add(new ForeignField($"{path}.name", _fields.Raw(name), LossRule.Dropped));
        }
    }
}
