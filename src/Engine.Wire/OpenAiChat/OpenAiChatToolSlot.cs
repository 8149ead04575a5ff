using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>One tool call while it is assembled.</summary>
internal sealed class OpenAiChatToolSlot
{
    // Arguments are buffered only while the call's name is unknown, or when they are a freeform tool's input.
    private const int MaximumPending = 16 << 20;

    public OpenAiChatToolSlot(int index) => Index = index;

    /// <summary>The server's index, or <see cref="OpenAiChatToolDelta.NoIndex"/>.</summary>
    public int Index { get; }

    public byte[] Id { get; set; } = [];

    public byte[] Name { get; private set; } = [];

    public byte[] Signature { get; set; } = [];

    public bool Started { get; set; }

    public BlockKey Key { get; set; }

    public bool IsFreeform { get; private set; }

    public bool HasArguments { get; set; }

    /// <summary>True when the arguments came as a JSON object instead of a string.</summary>
    public bool Whole { get; set; }

    public PooledBytes Pending { get; } = new(MaximumPending);

    /// <summary>Takes what the delta newly says; what is known is never overwritten (wire/pitfalls.md 24).</summary>
    public void Take(in OpenAiChatToolDelta delta)
    {
        if (Started)
        {
            return;
        }

        Id = Id.Length == 0 ? delta.Id.Content.ToArray() : Id;
        Name = Name.Length == 0 ? delta.Name.Content.ToArray() : Name;
        Signature = Signature.Length == 0 ? delta.Signature.Content.ToArray() : Signature;
        IsFreeform |= delta.IsFreeform;
    }
}
