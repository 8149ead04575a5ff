namespace Engine.Host.Upstreams;

/// <summary>A response whose head has arrived. Disposing it before the end of the body closes the connection.</summary>
internal sealed class UpstreamResponse : IDisposable
{
    private readonly IDisposable? _owner;

    public UpstreamResponse(int status, IEnumerable<KeyValuePair<string, string>> headers, Stream body, IDisposable? owner = null)
    {
        Status = status;
        Headers = headers;
        Body = body;
        _owner = owner;
    }

    public int Status { get; }

    public Stream Body { get; }

    /// <summary>Names in lower case or as the upstream wrote them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The media type; empty when the upstream names none.</summary>
    public string ContentType => Header("content-type") ?? "";

    /// <summary>A response header by its lower-case name; null when absent.</summary>
    public string? Header(string name)
    {
        foreach (var (key, value) in Headers)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    public void Dispose()
    {
        Body.Dispose();
        _owner?.Dispose();
    }
}
