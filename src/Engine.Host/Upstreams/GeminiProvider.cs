using Engine.Wire.Dialects;
using Engine.Wire.Gemini;

namespace Engine.Host.Upstreams;

/// <summary>Google's generative language API: the key in a header, never in the URL (wire/gemini.md §1).</summary>
internal sealed class GeminiProvider : IUpstreamProvider
{
    public IUpstreamDialect DialectFor(IClientDialect client) => GeminiDialect.Instance;

    public void AddHeaders(List<KeyValuePair<string, string>> headers, IAccountCredential credential, Func<string, string?>? clientHeader)
    {
        if (credential.Current?.Reveal() is { } key)
        {
            headers.Add(credential.IsToken || key.StartsWith("ya29.", StringComparison.Ordinal) ? new("authorization", "Bearer " + key) : new("x-goog-api-key", key));
        }
    }
}
