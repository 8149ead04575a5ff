namespace Engine.Host.Exchange;

/// <summary>How far a request has gone. It only moves forward; <see cref="CommitRules"/> derives everything from it.</summary>
internal enum CommitPoint
{
    /// <summary>No upstream has seen anything of the request.</summary>
    NothingSent,

    /// <summary>An upstream may have seen the request; the client has seen nothing.</summary>
    SentUpstream,

    /// <summary>The client has its 200 and perhaps heartbeats, but no content.</summary>
    HeadersOut,

    /// <summary>The client has content.</summary>
    ContentOut,
}
