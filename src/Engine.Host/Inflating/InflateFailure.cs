using Microsoft.AspNetCore.Http;

namespace Engine.Host.Inflating;

/// <summary>Why a request body could not be inflated.</summary>
internal enum InflateFailureKind
{
    /// <summary>A content coding this engine does not know, or too many of them on top of each other.</summary>
    UnsupportedEncoding,

    /// <summary>The bytes do not follow the format that their header names.</summary>
    Corrupt,

    /// <summary>The body would inflate beyond the cap that the caller gave.</summary>
    TooLarge,
}

/// <summary>A body that was refused. The message is meant for the client: it holds no bytes of the body.</summary>
internal sealed record InflateFailure(InflateFailureKind Kind, string Message)
{
    /// <summary>The HTTP status of the answer.</summary>
    public int StatusCode => Kind switch
    {
        InflateFailureKind.UnsupportedEncoding => StatusCodes.Status415UnsupportedMediaType,
        InflateFailureKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status400BadRequest,
    };
}
