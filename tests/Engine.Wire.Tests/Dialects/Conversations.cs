using System.Text;
using Engine.Wire.Anthropic;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.Dialects;

/// <summary>Keys of requests, and requests of the same meaning in every client dialect.</summary>
internal static class Conversations
{
    public static readonly IReadOnlyList<IClientDialect> All = [AnthropicDialect.Instance, OpenAiChatDialect.Instance, GeminiDialect.Instance];

    public static IClientDialect Named(string name) => All.Single(dialect => dialect.Name == name);

    public static UInt128 KeyOf(this IClientDialect dialect, string body, params (string Name, string Value)[] headers) =>
        dialect.ReadConversation(new ClientRequest
        {
            Body = Encoding.UTF8.GetBytes(body),
            Header = name => headers.FirstOrDefault(header => header.Name == name).Value,
        });

    /// <summary>The key that an explicit id has, whoever sends it.</summary>
    public static UInt128 KeyOfId(string id) => AnthropicDialect.Instance.KeyOf("{}", ("x-engine-session", id));

    /// <summary>A request: turns are user and model by turns, starting with the user. Texts are inside-of-JSON-string content.</summary>
    public static string Request(IClientDialect dialect, string system, string tool, IReadOnlyList<string> turns) => dialect.Name switch
    {
        "anthropic" =>
            $$$"""{"model":"m","max_tokens":9,"system":[{"type":"text","text":"{{{system}}}"}],"tools":[{"name":"{{{tool}}}","input_schema":{"type":"object"}}],"messages":[{{{Join(turns, "assistant", Message)}}}]}""",
        "openai-chat" =>
            $$$"""{"model":"m","messages":[{"role":"system","content":"{{{system}}}"},{{{Join(turns, "assistant", Message)}}}],"tools":[{"type":"function","function":{"name":"{{{tool}}}"}}]}""",
        _ =>
            $$$"""{"contents":[{{{Join(turns, "model", Content)}}}],"systemInstruction":{"parts":[{"text":"{{{system}}}"}]},"tools":[{"functionDeclarations":[{"name":"{{{tool}}}"}]}]}""",
    };

    private static string Join(IReadOnlyList<string> turns, string model, Func<string, string, string> turn) =>
        string.Join(',', turns.Select((text, i) => turn(i % 2 == 0 ? "user" : model, text)));

    private static string Message(string role, string text) => $$"""{"role":"{{role}}","content":"{{text}}"}""";

    private static string Content(string role, string text) => $$"""{"role":"{{role}}","parts":[{"text":"{{text}}"}]}""";
}
