using Engine.Host.Server;
using Engine.Wire.Dialects;
using Engine.Wire.OpenAiChat;

namespace Engine.Host.Surfaces;

/// <summary>The paths of OpenAI clients.</summary>
internal static class OpenAiSurface
{
    public static IEnumerable<(string Path, Route Route)> Routes()
    {
        yield return ("/v1/chat/completions", new Route(
            "openai-chat",
            "POST",
            static _ => OpenAiChatDialect.Instance,
            static scope => GenerateSurface.HandleAsync(scope, OpenAiChatDialect.Instance, Operation.Generate)));
    }
}
