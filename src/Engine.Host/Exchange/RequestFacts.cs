using Engine.Wire.Completion;

namespace Engine.Host.Exchange;

/// <summary>What the request log and the response headers say about one request. Filled in along the way, never holds content.</summary>
internal sealed class RequestFacts
{
    public required string RequestId { get; init; }

    public required string Surface { get; init; }

    public string Model { get; set; } = "";

    public string Upstream { get; set; } = "";

    public string Account { get; set; } = "";

    public int Attempts { get; set; }

    public bool Stream { get; set; }

    public bool SameDialect { get; set; }

    public int Status { get; set; }

    public string? Failure { get; set; }

    public string UpstreamRequestId { get; set; } = "";

    public TokenUsage Usage { get; set; } = TokenUsage.Unknown;

    public bool ClientGone { get; set; }
}
