namespace Engine.Wire.Completion.Request;

/// <summary>Whether the model may, must or must not call tools (wire/mapping.md §2.4).</summary>
public enum ToolChoiceMode
{
    /// <summary>Not said.</summary>
    Default,

    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>No tool.</summary>
    None,

    /// <summary>At least one tool.</summary>
    Required,

    /// <summary>The tool named.</summary>
    Tool,
}

/// <summary>The client's tool choice.</summary>
/// <param name="Mode">Whether.</param>
/// <param name="Name">Which, for <see cref="ToolChoiceMode.Tool"/>.</param>
/// <param name="Allowed">The tools that may be called; empty means all. With <see cref="ToolChoiceMode.Auto"/> or <see cref="ToolChoiceMode.Required"/>.</param>
public sealed record ToolChoice(ToolChoiceMode Mode, string Name, IReadOnlyList<string> Allowed)
{
    /// <summary>Nothing said.</summary>
    public static readonly ToolChoice Default = new(ToolChoiceMode.Default, "", []);

    /// <summary>A choice without names.</summary>
    public static ToolChoice Of(ToolChoiceMode mode) => new(mode, "", []);

    /// <summary>Exactly this tool.</summary>
    public static ToolChoice Only(string name) => new(ToolChoiceMode.Tool, name, []);
}
