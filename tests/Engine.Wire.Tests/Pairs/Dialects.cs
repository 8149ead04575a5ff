using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.Pairs;

/// <summary>The dialects that speak on both sides, and every pair of them.</summary>
internal static class Dialects
{
    public const string OpenAiChat = "openai-chat";
    public const string Anthropic = "anthropic";
    public const string Gemini = "gemini";

    public static IReadOnlyList<string> Names { get; } = [OpenAiChat, Anthropic, Gemini];

    /// <summary>Client and upstream.</summary>
    public static TheoryData<string, string> All => new(
        from client in Names
        from upstream in Names
        select (client, upstream));

    public static IClientDialect Client(string name) => name switch
    {
        OpenAiChat => OpenAiChatDialect.Instance,
        Anthropic => AnthropicDialect.Instance,
        _ => GeminiDialect.Instance,
    };

    public static IUpstreamDialect Upstream(string name) => (IUpstreamDialect)Client(name);

    /// <summary>What the upstream's end writes with: it is asked for everything it can say.</summary>
    public static AnswerContext UpstreamEnd { get; } = new()
    {
        Model = "upstream-model",
        Ids = new IdMint(7),
        CreatedUnixSeconds = 1_790_000_000,
        IncludeUsage = true,
        Reasoning = ReasoningShow.Shown,
        UpstreamModel = "upstream-model",
    };

    /// <summary>What the engine answers a client with that wants to see everything.</summary>
    public static AnswerContext Exchange { get; } = UpstreamEnd with { Model = "client-model", Ids = new IdMint(42) };

    /// <summary>The family in which a dialect's own models sign.</summary>
    public static SignatureFamily FamilyOf(string upstream) => upstream == Gemini ? SignatureFamily.Gemini : SignatureFamily.Claude;
}
