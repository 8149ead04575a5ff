using System.Text;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.OpenAiChat;

/// <summary>Shorthand of this folder's request tests: JSON in, tree out, and the reverse.</summary>
internal static class OpenAiChatRequests
{
    public static CompletionRequest Read(string body) =>
        OpenAiChatDialect.Instance.ReadRequest(new ClientRequest { Body = Encoding.UTF8.GetBytes(body) }, Operation.Generate);

    /// <summary>A request with one user message and these further fields.</summary>
    public static CompletionRequest With(string fields) => Read($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],{{fields}}}""");

    /// <summary>A request with these messages.</summary>
    public static CompletionRequest Messages(string messages) => Read($$"""{"model":"m","messages":[{{messages}}]}""");

    public static string Write(CompletionRequest request, string model = "gpt-4o", LossLedger? losses = null)
    {
        using var written = OpenAiChatDialect.Instance.WriteRequest(request, model, Operation.Generate, losses ?? new LossLedger());
        return Encoding.UTF8.GetString(written.Body.ToArray());
    }

    /// <summary>The value of one top-level field of a written request, as JSON; empty when absent.</summary>
    public static string Field(CompletionRequest request, string name, string model = "gpt-4o", LossLedger? losses = null)
    {
        using var json = System.Text.Json.JsonDocument.Parse(Write(request, model, losses));
        return json.RootElement.TryGetProperty(name, out var value) ? value.GetRawText() : "";
    }

    public static RequestRejectedException Rejected(string body) => Assert.Throws<RequestRejectedException>(() => Read(body));
}
