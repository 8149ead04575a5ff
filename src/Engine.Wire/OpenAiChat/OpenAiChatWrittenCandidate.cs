using System.Globalization;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>What the writer remembers of one candidate: its hot frames, its calls and what it has already said.</summary>
internal sealed class OpenAiChatWrittenCandidate
{
    private readonly OpenAiChatFrames _frames;
    private readonly List<OpenAiChatWrittenTool> _tools = [];
    private FrameTemplate? _text;
    private FrameTemplate? _reasoning;
    private FrameTemplate? _refusal;

    public OpenAiChatWrittenCandidate(int index, OpenAiChatFrames frames)
    {
        Index = index;
        _frames = frames;
    }

    public int Index { get; }

    public bool HasContent { get; set; }

    /// <summary>Why it stopped, once it has; written when the answer ends.</summary>
    public FinishReason? Finish { get; set; }

    public int ToolCount => _tools.Count;

    /// <summary>The text block written last.</summary>
    public BlockKey? LastText { get; set; }

    /// <summary>The reasoning block written last.</summary>
    public BlockKey? LastReasoning { get; set; }

    /// <summary>Index of the next entry of <c>reasoning_details</c>.</summary>
    public int NextDetail { get; set; }

    public FrameTemplate Text => _text ??= _frames.Template(Index, "\"content\":\"", "\"");

    public FrameTemplate Reasoning => _reasoning ??= _frames.Template(Index, "\"reasoning_content\":\"", "\"");

    public FrameTemplate Refusal => _refusal ??= _frames.Template(Index, "\"refusal\":\"", "\"");

    /// <summary>Calls are numbered in the order they start, whatever other blocks stand between them (wire/pitfalls.md 31).</summary>
    public OpenAiChatWrittenTool AddTool(BlockKey key, bool isFreeform)
    {
        var index = _tools.Count;
        var before = string.Create(CultureInfo.InvariantCulture, $"\"tool_calls\":[{{\"index\":{index},\"function\":{{\"arguments\":\"");
        var tool = new OpenAiChatWrittenTool(key, index, _frames.Template(Index, before, "\"}}]")) { FreeformInput = isFreeform ? new OpenAiChatFreeformInput() : null };
        _tools.Add(tool);
        return tool;
    }

    public OpenAiChatWrittenTool? Tool(BlockKey key)
    {
        for (var i = _tools.Count - 1; i >= 0; i--)
        {
            if (_tools[i].Key == key)
            {
                return _tools[i];
            }
        }

        return null;
    }
}

/// <summary>A call the writer has begun.</summary>
internal sealed class OpenAiChatWrittenTool
{
    public OpenAiChatWrittenTool(BlockKey key, int index, FrameTemplate arguments)
    {
        Key = key;
        Index = index;
        Arguments = arguments;
    }

    public BlockKey Key { get; }

    public int Index { get; }

    public FrameTemplate Arguments { get; }

    public bool HasArguments { get; set; }

    /// <summary>Gathers the arguments of a freeform tool's call; null for a function's.</summary>
    public OpenAiChatFreeformInput? FreeformInput { get; init; }
}
