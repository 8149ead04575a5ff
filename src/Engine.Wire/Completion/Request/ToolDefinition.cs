using Engine.Wire.Json;

namespace Engine.Wire.Completion.Request;

/// <summary>A function the client offers, or a hosted tool the provider runs.</summary>
/// <param name="Name">Its name in the client's request.</param>
public sealed record ToolDefinition(string Name)
{
    /// <summary>What it does.</summary>
    public EscapedSlice Description { get; init; }

    /// <summary>JSON Schema of its arguments; absent means no arguments.</summary>
    public JsonSlice Schema { get; init; }

    /// <summary>True when the provider must enforce the schema.</summary>
    public bool? Strict { get; init; }

    /// <summary>Anthropic <c>cache_control</c>.</summary>
    public JsonSlice CacheControl { get; init; }

    /// <summary>True for a freeform tool (OpenAI <c>custom</c>): its input is text, not an object.</summary>
    public bool IsFreeform { get; init; }

    /// <summary>For a hosted tool: the definition as it came, written only by its own dialect.</summary>
    public JsonSlice Hosted { get; init; }

    /// <summary>For a hosted tool: what becomes of it in another dialect.</summary>
    public LossRule HostedRule { get; init; }

    /// <summary>For a hosted tool: what it does, when several dialects have one like it.</summary>
    public HostedToolKind HostedKind { get; init; }

    /// <summary>Where it stood in the client's body: <c>tools[2]</c>.</summary>
    public string Path { get; init; } = "";
}

/// <summary>Hosted tools that several dialects have (wire/mapping.md §2.8).</summary>
public enum HostedToolKind
{
    /// <summary>Not a hosted tool.</summary>
    None,

    /// <summary>Search the web.</summary>
    WebSearch,

    /// <summary>Fetch an address.</summary>
    FetchUrl,

    /// <summary>Run code.</summary>
    CodeExecution,

    /// <summary>Another one.</summary>
    Other,
}
