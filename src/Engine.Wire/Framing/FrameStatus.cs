namespace Engine.Wire.Framing;

/// <summary>What a framer found in the bytes it was shown.</summary>
public enum FrameStatus
{
    /// <summary>No whole frame yet: receive more bytes, or say that there are none, and ask again.</summary>
    NeedMore,

    /// <summary>One whole event, with data to read.</summary>
    Frame,

    /// <summary>
    /// Bytes without meaning (comments, blank lines, separators, events without data). Only <see cref="Frame.Raw"/> is set:
    /// a pass-through forwards it, everybody else ignores it.
    /// </summary>
    Silent,

    /// <summary>The input is over and everything in it was given out.</summary>
    End,

    /// <summary>The input is over inside an element, or before the array around it was closed.</summary>
    Truncated,

    /// <summary>The bytes are not in the expected format.</summary>
    Malformed,

    /// <summary>One event is longer than the cap.</summary>
    TooLarge,
}
