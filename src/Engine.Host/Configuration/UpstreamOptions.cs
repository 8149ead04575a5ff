using System.Collections.Immutable;
using Engine.Host.Recording;

namespace Engine.Host.Configuration;

internal enum UpstreamDialect
{
    OpenAiChat,
    OpenAiResponses,
    Anthropic,
    Gemini,
    CodeAssist,
    Ollama,
    Codex,
    Kiro,

    /// <summary>Not a server but a folder of recorded exchanges.</summary>
    Replay,
}

/// <summary>One of <c>engine.upstreams</c>.</summary>
internal sealed record UpstreamOptions
{
    public required string Name { get; init; }

    public required UpstreamDialect Dialect { get; init; }

    /// <summary>Without a slash at the end of its path; null for replay only.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>In file order; ids and aliases differ from each other.</summary>
    public ImmutableArray<ModelOptions> Models { get; init; } = [];

    /// <summary>Whether the upstream's own model list adds to <see cref="Models"/>.</summary>
    public bool Discover { get; init; }

    /// <summary>Whether it serves only those names that no other upstream offers.</summary>
    public bool Fallback { get; init; }

    /// <summary>Those that can be used. Empty only where accounts come from a login.</summary>
    public ImmutableArray<AccountOptions> Accounts { get; init; } = [];

    public TimeoutOptions Timeouts { get; init; } = new();

    /// <summary>The folder, absolute, that exchanges are recorded to; null to record nothing.</summary>
    public string? Record { get; init; }

    /// <summary>Present for the replay dialect only.</summary>
    public ReplayOptions? Replay { get; init; }
}

/// <param name="Id">The upstream's own name for it.</param>
/// <param name="Aliases">Other names that clients may use.</param>
/// <param name="Limits">Of this model on each account.</param>
internal sealed record ModelOptions(string Id, ImmutableArray<string> Aliases, LimitOptions Limits);

internal sealed record TimeoutOptions
{
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the request's last byte to the answer's first.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Between two reads of an answer.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}

/// <param name="Fixtures">The folder, absolute.</param>
/// <param name="Speed">Against the recorded timing.</param>
internal sealed record ReplayOptions(string Fixtures, ReplaySpeed Speed);
