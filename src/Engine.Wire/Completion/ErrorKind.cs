namespace Engine.Wire.Completion;

/// <summary>What went wrong, in the terms of wire/mapping.md §7. Each dialect's error reader and writer has one table over these.</summary>
public enum ErrorKind
{
    /// <summary>The request is malformed or asks for something impossible.</summary>
    Invalid,

    /// <summary>A parameter or value that this model does not take.</summary>
    UnsupportedParameter,

    /// <summary>The prompt is longer than the model's window.</summary>
    ContextOverflow,

    /// <summary>The body is too large.</summary>
    BodyTooLarge,

    /// <summary>The body's media type or encoding is not understood.</summary>
    UnsupportedMediaType,

    /// <summary>The client's own key is missing or wrong.</summary>
    ClientAuthentication,

    /// <summary>The engine's credential for the upstream was refused.</summary>
    UpstreamCredential,

    /// <summary>The caller may not do this.</summary>
    Permission,

    /// <summary>No such path or object.</summary>
    NotFound,

    /// <summary>The path exists, the method does not.</summary>
    MethodNotAllowed,

    /// <summary>No upstream has this model.</summary>
    UnknownModel,

    /// <summary>Too many requests or tokens for the moment.</summary>
    RateLimit,

    /// <summary>A quota or credit is used up; waiting a moment does not help.</summary>
    Quota,

    /// <summary>The provider is overloaded.</summary>
    Overloaded,

    /// <summary>The provider did not answer in time.</summary>
    Timeout,

    /// <summary>The provider failed or answered with something that is not its dialect.</summary>
    UpstreamFault,

    /// <summary>The stream ended before the dialect's own terminator.</summary>
    Truncated,

    /// <summary>The provider's policy blocked the request.</summary>
    Policy,

    /// <summary>The engine itself failed.</summary>
    Internal,
}
