using Engine.Host.Recording;

namespace Engine.Host.Tests.Recording;

public class FixtureEndpointTests
{
    [Theory]
    [InlineData("POST", "/v1/chat/completions", "OpenAiChat Generate")]
    [InlineData("POST", "/api/v1/chat/completions?x=1", "OpenAiChat Generate")]
    [InlineData("POST", "/openai/deployments/d/chat/completions?api-version=1", "OpenAiChat Generate")]
    [InlineData("POST", "/v1/completions", "OpenAiCompletions Generate")]
    [InlineData("POST", "/v1/responses", "OpenAiResponses Generate")]
    [InlineData("POST", "/v1/responses/input_tokens", "OpenAiResponses CountTokens")]
    [InlineData("POST", "/v1/embeddings", "OpenAiChat Embed")]
    [InlineData("POST", "/v1/messages?beta=true", "Anthropic Generate")]
    [InlineData("POST", "/v1/messages/", "Anthropic Generate")]
    [InlineData("POST", "/v1/messages/count_tokens", "Anthropic CountTokens")]
    [InlineData("POST", "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict", "Anthropic Generate claude-x")]
    [InlineData("POST", "/v1beta/models/gemini-x:generateContent", "Gemini Generate gemini-x")]
    [InlineData("POST", "/v1/models/gemini-x:generateContent?key=k", "Gemini Generate gemini-x")]
    [InlineData("POST", "/v1beta/models/tunedModels/a:b:streamGenerateContent", "Gemini Generate tunedModels/a:b stream")]
    [InlineData("POST", "/v1beta/models/m:streamGenerateContent?alt=sse", "Gemini Generate m stream sse")]
    [InlineData("POST", "/v1beta/models/m:streamGenerateContent?key=k&alt=sse", "Gemini Generate m stream sse")]
    [InlineData("POST", "/v1beta/models/m:countTokens", "Gemini CountTokens m")]
    [InlineData("POST", "/v1internal:streamGenerateContent?alt=sse", "CodeAssist Generate stream sse")]
    [InlineData("POST", "/api/chat", "Ollama Generate")]
    [InlineData("GET", "/api/tags", "Ollama ListModels")]
    [InlineData("GET", "/v1beta/models?pageSize=50", "Gemini ListModels")]
    [InlineData("GET", "/v1beta/models/gemini-x", "Gemini GetModel gemini-x")]
    [InlineData("GET", "/v1/models", "OpenAiChat ListModels")]
    [InlineData("GET", "/v1/models?key=AIza", "Gemini ListModels")]
    [InlineData("GET", "/v1/models/gpt-x", "OpenAiChat GetModel gpt-x")]
    [InlineData("GET", "/v1/threads/t/messages", "Unknown Other")]
    [InlineData("POST", "/elsewhere", "Unknown Other")]
    [InlineData("POST", "/", "Unknown Other")]
    public void The_path_says_dialect_operation_and_model(string method, string target, string expected) =>
        Assert.Equal(expected, Print(FixtureEndpoint.Classify(method, target, [])));

    [Theory]
    [InlineData("anthropic-version", "", "Anthropic ListModels")]
    [InlineData("X-Goog-Api-Key", "", "Gemini ListModels")]
    [InlineData("x-other", "api.anthropic.com/anthropic/n", "Anthropic ListModels")]
    [InlineData("x-other", "generativelanguage.googleapis.com/", "Gemini ListModels")]
    [InlineData("x-other", "/openai-chat/n", "OpenAiChat ListModels")]
    public void The_owner_of_v1_models_shows_in_headers_host_or_folder(string header, string origin, string expected) =>
        Assert.Equal(expected, Print(FixtureEndpoint.Classify("GET", "/v1/models", [new(header, "x")], origin)));

    private static string Print(FixtureEndpoint e) =>
        string.Join(' ', new[] { e.Dialect.ToString(), e.Operation.ToString(), e.Model, e.StreamVerb ? "stream" : null, e.AltSse ? "sse" : null }.OfType<string>());
}
