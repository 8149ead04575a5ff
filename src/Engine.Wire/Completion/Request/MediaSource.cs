using Engine.Wire.Json;

namespace Engine.Wire.Completion.Request;

/// <summary>Where the bytes of a medium are.</summary>
public abstract record MediaSource
{
    /// <summary>Base64 in the body.</summary>
    /// <param name="MimeType">The declared type, for example <c>image/png</c>.</param>
    /// <param name="Data">Base64, still escaped (it may hold <c>\/</c>), without a <c>data:</c> prefix.</param>
    public sealed record Inline(string MimeType, EscapedSlice Data) : MediaSource;

    /// <summary>An address the provider fetches.</summary>
    /// <param name="Address">An http(s), gs or Files API address.</param>
    /// <param name="MimeType">The declared type; empty when not said.</param>
    public sealed record Url(EscapedSlice Address, string MimeType = "") : MediaSource;

    /// <summary>A file stored with one vendor.</summary>
    /// <param name="FileId">The vendor's id.</param>
    public sealed record Stored(EscapedSlice FileId) : MediaSource;

    /// <summary>Plain text given as text.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="MimeType">The declared type.</param>
    public sealed record PlainText(EscapedSlice Text, string MimeType = "text/plain") : MediaSource;
}
