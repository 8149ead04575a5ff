using Engine.Wire.Json;

namespace Engine.Wire.Completion.Request;

/// <summary>The form an answer must have (wire/mapping.md §5.1).</summary>
public enum OutputFormatKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>One JSON object.</summary>
    JsonObject,

    /// <summary>JSON that a schema describes.</summary>
    JsonSchema,
}

/// <summary>The form an answer must have.</summary>
/// <param name="Kind">Which form.</param>
public sealed record OutputFormat(OutputFormatKind Kind)
{
    /// <summary>Any text.</summary>
    public static readonly OutputFormat Text = new(OutputFormatKind.Text);

    /// <summary>The schema's name (OpenAI).</summary>
    public EscapedSlice Name { get; init; }

    /// <summary>The schema's description (OpenAI).</summary>
    public EscapedSlice Description { get; init; }

    /// <summary>The JSON Schema.</summary>
    public JsonSlice Schema { get; init; }

    /// <summary>True when the provider must enforce it.</summary>
    public bool? Strict { get; init; }
}
