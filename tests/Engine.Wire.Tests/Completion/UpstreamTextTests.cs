using System.Text;
using System.Text.Json;
using Engine.Wire.Anthropic;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.Completion;

public class UpstreamTextTests
{
    private static readonly IUpstreamDialect[] Dialects = [OpenAiChatDialect.Instance, AnthropicDialect.Instance, GeminiDialect.Instance];

    private static readonly string[] Secrets =
    [
        "https://platform.openai.com/account/api-keys",
        "grpc://10.0.0.7:443/v1",
        "//aiplatform.googleapis.com/projects/my-proj/locations/x",
        "generativelanguage.googleapis.com/v1beta/models",
        "projects/my-proj",
        "organizations/123456",
        "folders/abc",
        "tunedModels/mine-77",
        "project 123456789",
        "project_number:348715329010",
        "sk-ant-api03-abcdef",
        "sk-proj-abc***def",
        "gsk_abcdefgh",
        "xai-abcdefgh",
        "org-AbCdEf123456",
        "org_01ABCDEFG",
        "user-AbCdEf123456",
        "wrkspc_01ABCDEFG",
        "acct_1234567",
        "nvapi-abcdefgh",
        "AIzaSyA0123456789abcdefghij",
        "ya29.a0AfB_by-C.x",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "Bearer abc.def-123456789",
        "someone@mail.example.org",
        "bb642ce4-5161-45c9-8f34-408850883602",
    ];

    public static TheoryData<string, string> Cases =>
        [.. from dialect in Dialects from secret in Secrets select new TheoryDataRow<string, string>(dialect.Name, secret)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_reader_lets_a_secret_through(string name, string secret)
    {
        var dialect = Dialects.Single(each => each.Name == name);
        foreach (var status in new[] { 0, 400, 403, 429, 500 })
        {
            var error = dialect.ReadError(status, Body($"before {secret} after"));

            Assert.Equal("before […] after", error.Message);
            Assert.DoesNotContain(secret, $"{error.Code} {error.Param}", StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_secret_where_a_long_message_is_cut_does_not_show_in_part(string name, string secret)
    {
        var dialect = Dialects.Single(each => each.Name == name);

        // What is removed makes room for what stands at the cut.
        var link = "https://" + new string('a', 1600);
        for (var filler = 380 - secret.Length; filler < 400; filler++)
        {
            var message = dialect.ReadError(500, Body($"{link} {new string('.', filler)} {secret} tail {new string('.', 500)}")).Message;

            var shown = message.Replace("[…]", "", StringComparison.Ordinal).Replace("tail", "", StringComparison.Ordinal).Trim(' ', '.', '…');
            Assert.True(shown is "" or "Bearer" or "project", $"'{shown}' is left");
        }
    }

    [Fact]
    public void Plain_words_are_left_alone()
    {
        const string Words = "Rate limit reached for gpt-5.1 on tokens per min (TPM): Limit 30000, Used 29000. Please try again in 1.3s.";

        Assert.All(Dialects, dialect => Assert.Equal(Words, dialect.ReadError(429, Body(Words)).Message));
    }

    private static byte[] Body(string message) => Encoding.UTF8.GetBytes($"{{\"error\":{{\"message\":{JsonSerializer.Serialize(message)}}}}}");
}
