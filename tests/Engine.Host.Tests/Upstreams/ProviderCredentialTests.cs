using Engine.Host.Configuration;
using Engine.Host.Upstreams;

namespace Engine.Host.Tests.Upstreams;

public sealed class ProviderCredentialTests
{
    [Theory]
    [InlineData("openai", false, "authorization: Bearer k")]
    [InlineData("openai", true, "authorization: Bearer k")]
    [InlineData("anthropic", false, "x-api-key: k; anthropic-version: 2023-06-01")]
    [InlineData("anthropic", true, "authorization: Bearer k; anthropic-version: 2023-06-01; anthropic-beta: oauth-2025-04-20")]
    [InlineData("gemini", false, "x-goog-api-key: k")]
    [InlineData("gemini", true, "authorization: Bearer k")]
    public void A_token_goes_as_a_bearer_and_a_key_as_the_provider_wants_keys(string provider, bool isToken, string expected)
    {
        IUpstreamProvider subject = provider switch
        {
            "openai" => new OpenAiProvider(),
            "anthropic" => new AnthropicProvider(),
            _ => new GeminiProvider(),
        };
        var headers = new List<KeyValuePair<string, string>>();

        subject.AddHeaders(headers, new Signed(isToken), null);

        Assert.Equal(expected, string.Join("; ", headers.Select(header => $"{header.Key}: {header.Value}")));
    }

    private sealed class Signed(bool isToken) : IAccountCredential
    {
        public Secret? Current { get; } = new("k");

        public bool IsToken => isToken;
    }
}
