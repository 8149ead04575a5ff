namespace Engine.Wire.Normalising;

/// <summary>Field names of losses where the tree holds no path of the client's: a stable vocabulary, listed in docs/losses.md.</summary>
internal static class LossPaths
{
    public const string FrequencyPenalty = "frequency_penalty";
    public const string MaxTokens = "max_tokens";
    public const string Messages = "messages";
    public const string N = "n";
    public const string ParallelToolCalls = "parallel_tool_calls";
    public const string PresencePenalty = "presence_penalty";
    public const string Reasoning = "reasoning";
    public const string ResponseFormat = "response_format";
    public const string Seed = "seed";
    public const string Stop = "stop";
    public const string System = "system";
    public const string Temperature = "temperature";
    public const string ToolChoice = "tool_choice";
    public const string Tools = "tools";
    public const string TopK = "top_k";
    public const string TopP = "top_p";

    /// <summary>The turn's own path, or the list of messages.</summary>
    public static string LossPath(this Completion.Request.Turn turn) => turn.Path.Length > 0 ? turn.Path : Messages;

    /// <summary>The tool's own path, or the list of tools.</summary>
    public static string LossPath(this Completion.Request.ToolDefinition tool) => tool.Path.Length > 0 ? tool.Path : Tools;
}
