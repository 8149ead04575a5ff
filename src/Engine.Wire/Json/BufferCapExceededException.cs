namespace Engine.Wire.Json;

/// <summary>A buffer would have grown past its cap. The exchange turns this into an error for its client.</summary>
public sealed class BufferCapExceededException : Exception
{
    /// <summary>Names the cap, in bytes.</summary>
    public BufferCapExceededException(int maximum)
        : base($"The answer needs a buffer of more than {maximum} bytes.") => Maximum = maximum;

    /// <summary>The cap, in bytes.</summary>
    public int Maximum { get; }
}
