using System.Buffers;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// The arguments of a freeform tool's call while they stream in. The input lies inside them escaped twice, so it is taken out when
/// the call is complete and goes to the client in one piece.
/// </summary>
internal sealed class OpenAiChatFreeformInput
{
    private const int MaximumBytes = 16 << 20;

    private bool _isObject;

    private PooledBytes Bytes { get; } = new(MaximumBytes);

    /// <summary>Takes the next fragment of the arguments.</summary>
    public void Add(EscapedText fragment) => Bytes.Write(fragment.Content);

    /// <summary>Takes the arguments whole.</summary>
    public void Add(RawJson whole)
    {
        _isObject = true;
        Bytes.Write(whole.Utf8);
    }

    /// <summary>Writes the member <c>input</c> and returns the memory.</summary>
    public void Write(JsonEmitter emitter)
    {
        OpenAiChatFreeform.WriteInput(emitter, _isObject
            ? ToolArguments.FromObject(JsonSlice.FromUtf8(Bytes.Memory))
            : ToolArguments.FromText(EscapedSlice.FromContent(Bytes.Memory)));
        Bytes.Dispose();
    }
}
