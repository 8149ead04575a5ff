using Engine.Wire.Gemini;
using Engine.Wire.Tests.Dialects;

namespace Engine.Wire.Tests.Gemini;

public sealed class GeminiConversationTests
{
    private static readonly GeminiDialect Dialect = GeminiDialect.Instance;

    [Theory]
    [InlineData("""{"sessionId":"abc"}""")]
    [InlineData("""{"session_id":"abc","contents":[{"parts":[{"text":"hi"}]}]}""")]
    [InlineData("""{"session_id":"z","sessionId":"abc"}""")]
    public void A_session_id_names_the_conversation(string body) => Assert.Equal(Conversations.KeyOfId("abc"), Dialect.KeyOf(body));

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"text":"hi"}]}],"systemInstruction":{"parts":[{"text":"s"}]}}""")]
    [InlineData("""{"system_instruction":{"parts":[{"text":"s"}]},"contents":{"role":"user","parts":[{"text":"hi"}]}}""")]
    [InlineData("""{"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"hi"}]},{"role":"model","parts":[]},{"role":"model","parts":[]}]}""")]
    public void Both_spellings_a_missing_role_and_a_lone_content_are_the_same(string body) =>
        Assert.Equal(
            Dialect.KeyOf("""{"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"""),
            Dialect.KeyOf(body));

    [Fact]
    public void A_turn_of_the_model_is_no_turn_of_the_user() =>
        Assert.Equal(UInt128.Zero, Dialect.KeyOf("""{"contents":[{"role":"model","parts":[{"text":"hi"}]}]}"""));
}
