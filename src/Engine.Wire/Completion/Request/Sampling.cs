namespace Engine.Wire.Completion.Request;

/// <summary>Sampling parameters; null means not said.</summary>
public sealed record Sampling
{
    /// <summary>Nothing said.</summary>
    public static readonly Sampling Default = new();

    /// <summary>0 to 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>At least 1.</summary>
    public long? TopK { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Any.</summary>
    public long? Seed { get; init; }
}
