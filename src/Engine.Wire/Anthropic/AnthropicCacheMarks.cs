using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Writes the client's own cache breakpoints, up to the four a request may have (wire/anthropic-messages.md §11). Adds none.
/// </summary>
internal sealed class AnthropicCacheMarks(LossLedger losses)
{
    private const int Most = 4;

    private int _written;

    /// <summary>Writes <c>cache_control</c> into the open object when there is one and room for it.</summary>
    public void Write(JsonEmitter emitter, JsonSlice cacheControl)
    {
        if (!cacheControl.IsPresent)
        {
            return;
        }

        if (_written == Most)
        {
            losses.Add("cache_control", LossRule.Dropped);
            return;
        }

        _written++;
        emitter.Raw("cache_control"u8, cacheControl);
    }
}
