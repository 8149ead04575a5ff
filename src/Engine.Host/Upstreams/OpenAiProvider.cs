using Engine.Wire.Dialects;
using Engine.Wire.OpenAiChat;

namespace Engine.Host.Upstreams;

/// <summary>OpenAI and compatible servers: a bearer key (wire/openai-chat.md §1).</summary>
internal sealed class OpenAiProvider : IUpstreamProvider
{
    public IUpstreamDialect DialectFor(IClientDialect client) => OpenAiChatDialect.Instance;

    public void AddHeaders(List<KeyValuePair<string, string>> headers, IAccountCredential credential, Func<string, string?>? clientHeader)
    {
        if (credential.Current is { } key)
        {
            headers.Add(new("authorization", "Bearer " + key.Reveal()));
        }
    }
}
