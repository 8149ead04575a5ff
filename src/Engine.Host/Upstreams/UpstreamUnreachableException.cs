namespace Engine.Host.Upstreams;

/// <summary>No response came. The message is fit for clients: it names neither address nor credential.</summary>
internal sealed class UpstreamUnreachableException : Exception
{
    public UpstreamUnreachableException(string message, bool connectionReused, Exception inner)
        : base(message, inner) => ConnectionReused = connectionReused;

    /// <summary>True when the connection that failed had served a request before: the upstream may merely have closed an idle one.</summary>
    public bool ConnectionReused { get; }
}
