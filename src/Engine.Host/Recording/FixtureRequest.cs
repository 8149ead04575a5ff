namespace Engine.Host.Recording;

/// <summary>The request half of a recording (<c>NAME.request.json</c>), with its meta.</summary>
internal sealed record FixtureRequest
{
    internal required string Method { get; init; }

    /// <summary>Null when unknown.</summary>
    internal string? Host { get; init; }

    /// <summary>Path with query.</summary>
    internal required string Target { get; init; }

    internal IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body as recorded; empty when there was none.</summary>
    internal ReadOnlyMemory<byte> Body { get; init; }

    internal FixtureMeta Meta { get; init; } = new();
}

/// <summary>How faithful a recording is, and when its bytes came.</summary>
internal sealed record FixtureMeta
{
    internal string Fidelity { get; init; } = "exact";

    internal bool RequestRecorded { get; init; } = true;

    /// <summary>The body was compressed on the wire, so the sizes of its reads are lost.</summary>
    internal bool WasEncoded { get; init; }

    /// <summary>Sizes of the network reads that carried the body, in order, each above zero; null when unknown.</summary>
    internal IReadOnlyList<int>? Chunks { get; init; }

    /// <summary>Per chunk: milliseconds between the response head and its arrival, never falling; null when unknown.</summary>
    internal IReadOnlyList<double>? Timing { get; init; }

    /// <summary>Milliseconds between the request and the response head.</summary>
    internal double HeadDelay { get; init; }

    /// <summary>The upstream broke the connection after the last chunk instead of ending the body.</summary>
    internal bool EndsInReset { get; init; }
}

/// <summary>Status line and headers of a recorded response.</summary>
internal sealed record FixtureHead(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The first value of a header; names are lower case.</summary>
    internal string? Header(string name)
    {
        foreach (var (key, value) in Headers)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}
