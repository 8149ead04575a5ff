using Engine.Host.Server;
using Engine.Wire.Anthropic;
using Engine.Wire.Dialects;

namespace Engine.Host.Surfaces;

/// <summary>The paths of Anthropic clients.</summary>
internal static class AnthropicSurface
{
    public static IEnumerable<(string Path, Route Route)> Routes()
    {
        yield return ("/v1/messages", Of("anthropic", Operation.Generate));
        yield return ("/v1/messages/count_tokens", Of("anthropic-count", Operation.CountTokens));
    }

    private static Route Of(string name, Operation operation) => new(
        name,
        "POST",
        static _ => AnthropicDialect.Instance,
        scope => GenerateSurface.HandleAsync(scope, AnthropicDialect.Instance, operation));
}
