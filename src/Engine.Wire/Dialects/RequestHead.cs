namespace Engine.Wire.Dialects;

/// <summary>The few facts of a request that routing needs, read without building a tree.</summary>
/// <param name="Model">The model as the client named it.</param>
/// <param name="Stream">True when the client wants a stream.</param>
public sealed record RequestHead(string Model, bool Stream)
{
    /// <summary>Where the model's JSON string stands in the body, quotes included; -1 when the path names the model.</summary>
    public int ModelStart { get; init; } = -1;

    /// <summary>Length of that JSON string, quotes included.</summary>
    public int ModelLength { get; init; }

    /// <summary>True when an OpenAI Chat client asked for usage in the stream.</summary>
    public bool IncludeUsage { get; init; }
}
