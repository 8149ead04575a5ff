using Engine.Wire.OpenAiChat;
using Engine.Wire.Tests.Dialects;

namespace Engine.Wire.Tests.OpenAiChat;

public sealed class OpenAiChatConversationTests
{
    private static readonly OpenAiChatDialect Dialect = OpenAiChatDialect.Instance;

    [Theory]
    [InlineData("""{"prompt_cache_key":"abc"}""")]
    [InlineData("""{"session_id":"abc"}""")]
    [InlineData("""{"conversation_id":"abc"}""")]
    [InlineData("""{"metadata":{"a":["b"],"session_id":"abc"}}""")]
    [InlineData("""{"conversation":"abc"}""")]
    [InlineData("""{"conversation":{"id":"abc"}}""")]
    [InlineData("""{"prompt_cache_key":"a\u0062c","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"conversation":"z","conversation_id":"y","prompt_cache_key":"abc","session_id":"x"}""")]
    [InlineData("""{"conversation":"z","prompt_cache_key":null,"metadata":{"session_id":"abc"},"user":"u"}""")]
    [InlineData("""{"session_id":"first","session_id":"abc"}""")]
    [InlineData("""{"session_id":"abc","session_id":" "}""")]
    public void The_most_telling_id_names_the_conversation(string body) => Assert.Equal(Conversations.KeyOfId("abc"), Dialect.KeyOf(body));

    [Fact]
    public void A_user_has_many_conversations()
    {
        static string Body(string user, string text) => $$"""{"user":"{{user}}","safety_identifier":"{{user}}","messages":[{"role":"user","content":"{{text}}"}]}""";
        Assert.NotEqual(Dialect.KeyOf(Body("u", "one")), Dialect.KeyOf(Body("u", "two")));
        Assert.Equal(Dialect.KeyOf(Body("u", "one")), Dialect.KeyOf(Body("v", "one")));
    }

    [Theory]
    [InlineData("developer", "s")]
    [InlineData("system", "S")]
    [InlineData("assistant", "s")]
    public void Every_turn_before_the_first_of_the_user_counts_with_its_role(string role, string text) =>
        Assert.NotEqual(
            Dialect.KeyOf("""{"messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}]}"""),
            Dialect.KeyOf($$"""{"messages":[{"role":"{{role}}","content":"{{text}}"},{"role":"user","content":"hi"}]}"""));

    [Theory]
    [InlineData("""{"role":"user","content":"hi","cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}""")]
    [InlineData("""{"content":[{"cache_control":null,"type":"text","text":"hi"}],"role":"user"},{"role":"tool","content":"x"}""")]
    public void Cache_breakpoints_of_agents_do_not_count(string turns) =>
        Assert.Equal(
            Dialect.KeyOf("""{"messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}]}"""),
            Dialect.KeyOf($$$"""{"messages":[{"role":"system","content":[{"type":"text","text":"s","cache_control":{}}]},{{{turns}}}]}"""));

    [Fact]
    public void Functions_are_tools() =>
        Assert.NotEqual(
            Dialect.KeyOf("""{"functions":[{"name":"f"}],"messages":[{"role":"user","content":"hi"}]}"""),
            Dialect.KeyOf("""{"functions":[{"name":"g"}],"messages":[{"role":"user","content":"hi"}]}"""));
}
