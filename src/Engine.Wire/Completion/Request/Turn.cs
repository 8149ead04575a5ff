namespace Engine.Wire.Completion.Request;

/// <summary>Who speaks. Tool results are parts of a user turn; the dialects that give them a role of their own convert.</summary>
public enum TurnRole
{
    /// <summary>The user, or results of tools.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A system or developer text in the middle of the conversation.</summary>
    System,
}

/// <summary>One message of the conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Parts">What is said, in order.</param>
public sealed record Turn(TurnRole Role, IReadOnlyList<Part> Parts)
{
    /// <summary>Where the turn stood in the client's body, for messages: <c>messages[3]</c>.</summary>
    public string Path { get; init; } = "";
}
