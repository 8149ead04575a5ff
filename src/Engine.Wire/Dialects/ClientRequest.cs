namespace Engine.Wire.Dialects;

/// <summary>A client's request as the surface received it. The body must stay untouched while slices of it are in use.</summary>
public sealed record ClientRequest
{
    /// <summary>The body, inflated.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The model named in the path (Gemini); empty when the body names it.</summary>
    public string PathModel { get; init; } = "";

    /// <summary>Whether the path asks for a stream (Gemini); null when the body says so.</summary>
    public bool? PathStream { get; init; }

    /// <summary>True when a Gemini client streams without <c>alt=sse</c>.</summary>
    public bool StreamAsJsonArray { get; init; }

    /// <summary>Looks up a request header by its lower-case name; null when absent.</summary>
    public Func<string, string?> Header { get; init; } = static _ => null;
}
