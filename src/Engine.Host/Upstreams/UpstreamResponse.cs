namespace Engine.Host.Upstreams;

/// <summary>A response whose head has arrived. Disposing it before the end of the body closes the connection.</summary>
internal sealed class UpstreamResponse : IDisposable
{
    private readonly IDisposable? _owner;
    private readonly Func<string, string?> _header;

    public UpstreamResponse(int status, Func<string, string?> header, Stream body, IDisposable? owner = null)
    {
        Status = status;
        _header = header;
        Body = body;
        _owner = owner;
    }

    public int Status { get; }

    public Stream Body { get; }

    /// <summary>The media type; empty when the upstream names none.</summary>
    public string ContentType => Header("content-type") ?? "";

    /// <summary>A response header by its lower-case name; null when absent.</summary>
    public string? Header(string name) => _header(name);

    public void Dispose()
    {
        Body.Dispose();
        _owner?.Dispose();
    }
}
