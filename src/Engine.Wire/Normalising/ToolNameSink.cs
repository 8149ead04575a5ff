using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>Restores the client's tool names in the answer.</summary>
internal sealed class ToolNameSink : RelaySink
{
    private readonly KeyValuePair<byte[], byte[]>[] _names;

    /// <summary>Takes pairs of the upstream's name in UTF-8 and the client's name, escaped.</summary>
    public ToolNameSink(ICompletionSink next, KeyValuePair<byte[], byte[]>[] names)
        : base(next) => _names = names;

    public override void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        foreach (var (wire, client) in _names)
        {
            if (name.TextEquals(wire))
            {
                name = EscapedText.FromContent(client);
                break;
            }
        }

        base.ToolStart(key, id, name);
    }
}
