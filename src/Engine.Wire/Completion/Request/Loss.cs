using Engine.Wire.Json;

namespace Engine.Wire.Completion.Request;

/// <summary>What happens to something a target cannot express (the rule codes of wire/mapping.md).</summary>
public enum LossRule
{
    /// <summary>D: a hint, dropped silently and counted.</summary>
    Dropped,

    /// <summary>D!: dropped and named in <c>x-engine-warnings</c>; under <c>x-engine-strict</c> a 400.</summary>
    Reported,

    /// <summary>E: expressed by other means; nothing is lost.</summary>
    Emulated,

    /// <summary>400: the request is refused before any upstream is called.</summary>
    Refused,
}

/// <summary>One thing that could not be carried over. A value, so that silence cannot creep in.</summary>
/// <param name="Path">The field in the client's own terms, with indexes.</param>
/// <param name="Rule">What happened to it.</param>
public readonly record struct Loss(string Path, LossRule Rule)
{
    /// <summary>Why, for the message of a refusal.</summary>
    public string Why { get; init; } = "";
}

/// <summary>A field of the source dialect that has no place in the tree.</summary>
/// <param name="Path">The field as the client wrote it: <c>logit_bias</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Rule">What becomes of it in another dialect.</param>
public sealed record ForeignField(string Path, JsonSlice Value, LossRule Rule);
