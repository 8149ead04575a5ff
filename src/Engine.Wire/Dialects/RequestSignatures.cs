using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Dialects;

/// <summary>
/// Says cheaply, without a tree and without allocating, whether a request that would pass through as bytes carries proofs of
/// reasoning. Where they must not travel, the request is read, normalised for
/// <see cref="TargetCapabilities.WithoutSignatures"/> and written anew.
/// </summary>
public static class RequestSignatures
{
    /// <summary>Scans a request body once. A body that is not JSON holds none: its upstream will say so.</summary>
    /// <param name="dialect">The dialect the body is in.</param>
    /// <param name="body">The body, inflated. Valid until this call returns.</param>
    public static HeldSignatures Find(IClientDialect dialect, ReadOnlySpan<byte> body)
    {
        try
        {
            return dialect.FindSignatures(body);
        }
        catch (JsonException)
        {
            return HeldSignatures.None;
        }
    }

    /// <summary>What one blob counts as, where carriers stand as plain text.</summary>
    internal static HeldSignatures Of(EscapedText blob)
    {
        if (blob.IsEmpty)
        {
            return HeldSignatures.None;
        }

        return SignatureCarrier.IsCarrier(blob) ? HeldSignatures.Carried : HeldSignatures.Own;
    }
}
