using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Anthropic;

/// <summary>Counts deltas and keeps nothing.</summary>
internal sealed class CountingSink : RelaySink
{
    public CountingSink()
        : base(new MeteringSink())
    {
    }

    public int Deltas { get; private set; }

    public override void Text(BlockKey key, EscapedText delta) => Deltas++;

    public override void Reasoning(BlockKey key, EscapedText delta) => Deltas++;

    public override void ToolArguments(BlockKey key, EscapedText fragment) => Deltas++;
}
