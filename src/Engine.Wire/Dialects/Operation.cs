namespace Engine.Wire.Dialects;

/// <summary>What a request asks for.</summary>
public enum Operation
{
    /// <summary>An answer of the model.</summary>
    Generate,

    /// <summary>The number of tokens a request would cost.</summary>
    CountTokens,
}
