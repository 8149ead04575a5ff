namespace Engine.Wire.Dialects;

/// <summary>What proofs of earlier reasoning a request holds (wire/mapping.md §3.5).</summary>
[Flags]
public enum HeldSignatures
{
    /// <summary>None: the request may go to any account of its dialect as it is.</summary>
    None = 0,

    /// <summary>
    /// Signatures or encrypted reasoning in the dialect's own form: valid only for the account family that made them.
    /// </summary>
    Own = 1,

    /// <summary>
    /// Blobs of another family that the engine packed into a carrier: no upstream takes them as they are, so the request must be
    /// written anew even where client and upstream share the dialect.
    /// </summary>
    Carried = 2,
}
