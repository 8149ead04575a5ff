namespace Engine.Host.Recording;

/// <summary>What a request asks for, as far as it decides which recording answers it best.</summary>
[Flags]
internal enum RequestFeatures
{
    None = 0,

    /// <summary>Tools are declared and allowed.</summary>
    Tools = 1,

    /// <summary>Two tools or more, so parallel calls are possible.</summary>
    ManyTools = 2,

    /// <summary>Tool results follow the last assistant turn: the follow-up of a call.</summary>
    ToolResults = 4,

    /// <summary>Reasoning is asked for.</summary>
    Thinking = 8,

    ImageIn = 16,

    FileIn = 32,

    /// <summary>The answer may be an image.</summary>
    ImageOut = 64,

    /// <summary>JSON is asked for, with a schema or without.</summary>
    Structured = 128,

    /// <summary>OpenAI's <c>stream_options.include_usage</c>: clients that did not ask break on the extra chunk.</summary>
    StreamUsage = 256,
}

/// <summary>The facts of one request, found by rule from its body.</summary>
/// <param name="Known">False when there was no body to look at.</param>
/// <param name="Model">The body's <c>model</c>, without <c>models/</c>.</param>
/// <param name="Streams">The body's <c>stream</c>; null when it does not say.</param>
/// <param name="ToolNames">Declared tools, sorted; empty when tools are switched off.</param>
/// <param name="Turns">How many messages the conversation has.</param>
/// <param name="LastText">The text after the last assistant turn, cut at <see cref="MaxLastText"/> characters.</param>
internal sealed record RequestFacts(
    bool Known, string? Model, bool? Streams, RequestFeatures Features, IReadOnlyList<string> ToolNames, int Turns, string LastText)
{
    internal const int MaxLastText = 4096;

    internal static RequestFacts None { get; } = new(false, null, null, RequestFeatures.None, [], 0, "");
}
