using System.Text;
using Engine.Wire.Json;

namespace Engine.Wire.Dialects;

/// <summary>Picks the part of an id that names the conversation; empty when it names none.</summary>
internal delegate EscapedText ConversationIdPart(EscapedText id);

/// <summary>Where the requests of one dialect say to which conversation they belong. Names are exact; of equal fields the last counts.</summary>
internal sealed record ConversationFields
{
    /// <summary>Fields that name the conversation, the most telling first.</summary>
    public required IReadOnlyList<ConversationIdField> Ids { get; init; }

    /// <summary>The spellings of the system prompt; none where it is a turn.</summary>
    public IReadOnlyList<byte[]> System { get; init; } = [];

    /// <summary>The spellings of the tool list.</summary>
    public required IReadOnlyList<byte[]> Tools { get; init; }

    /// <summary>The list of turns.</summary>
    public required byte[] Turns { get; init; }

    /// <summary>What a turn says.</summary>
    public required byte[] Content { get; init; }

    /// <summary>True when a turn without a role is the user's.</summary>
    public bool RoleDefaultsToUser { get; init; }
}

/// <summary>A field of the body that may name the conversation: a string, or an object with a string member.</summary>
internal sealed class ConversationIdField(string name, string member = "")
{
    /// <summary>The field's name, UTF-8.</summary>
    public byte[] Name { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>The member that holds the id when the field is an object, UTF-8; empty when objects name nothing.</summary>
    public byte[] Member { get; } = Encoding.UTF8.GetBytes(member);

    /// <summary>What of the string counts; all of it unless the dialect says otherwise.</summary>
    public ConversationIdPart Part { get; init; } = static id => id;
}
