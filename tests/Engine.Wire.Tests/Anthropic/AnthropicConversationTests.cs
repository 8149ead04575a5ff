using Engine.Wire.Anthropic;
using Engine.Wire.Tests.Dialects;

namespace Engine.Wire.Tests.Anthropic;

public sealed class AnthropicConversationTests
{
    private static readonly AnthropicDialect Dialect = AnthropicDialect.Instance;

    [Theory]
    [InlineData("user_3f_account__session_0b1c-22", "0b1c-22")]
    [InlineData("user_3f_account_77_session_x_session_0b1c-22", "0b1c-22")]
    [InlineData("""{\"device_id\":\"d\",\"account_uuid\":\"\",\"session_id\":\"0b1c-22\"}""", "0b1c-22")]
    [InlineData("""{ \"session_id\" : \"0b1c-22\", \"device_id\":\"d_session_7\" }""", "0b1c-22")]
    public void The_user_id_names_the_session_that_it_holds(string userId, string conversation) =>
        Assert.Equal(
            Conversations.KeyOfId(conversation),
            Dialect.KeyOf($$$"""{"messages":[{"role":"user","content":"hi"}],"metadata":{"other":{"user_id":"no"},"user_id":"{{{userId}}}"}}"""));

    [Theory]
    [InlineData("customer-42")]
    [InlineData("user_3f_session_")]
    [InlineData("""{\"session_id\":\"\"}""")]
    [InlineData("""{\"session_id\":7}""")]
    [InlineData("""{\"session_id\":\"cut""")]
    [InlineData("""{\"my_session_id\":\"a\"}""")]
    public void A_user_id_without_a_session_names_no_conversation(string userId)
    {
        const string Turns = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

        Assert.Equal(Dialect.KeyOf("{" + Turns + "}"), Dialect.KeyOf($"{{\"metadata\":{{\"user_id\":\"{userId}\"}},{Turns}}}"));
    }

    [Theory]
    [InlineData("""{"metadata":{"user_id":null},""")]
    [InlineData("""{"metadata":{"user_id":["a"]},""")]
    [InlineData("""{"metadata":null,""")]
    [InlineData("""{"metadata":[{"user_id":"a"}],""")]
    [InlineData("""{"session_id":"a","user_id":"a",""")]
    [InlineData("""{"mess\u0061ges":[{"role":"user","content":"earlier"}],""")]
    public void What_is_no_user_id_is_read_over_and_the_last_of_two_fields_counts(string start)
    {
        const string Rest = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Assert.Equal(Dialect.KeyOf("{" + Rest), Dialect.KeyOf(start + Rest));
    }

    [Theory]
    [InlineData("""{"system":"s","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"messages":[{"content":"hi","role":"user"}],"system":"s"}""")]
    [InlineData("""{"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"system":[{"type":"text","text":"s"}],"messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":"yo"}]}""")]
    public void A_text_is_the_same_as_a_string_and_as_a_block_with_a_breakpoint(string body) =>
        Assert.Equal(Dialect.KeyOf("""{"system":[{"type":"text","text":"s"}],"messages":[{"role":"user","content":"hi"}]}"""), Dialect.KeyOf(body));

    [Fact]
    public void A_picture_in_the_first_user_message_counts()
    {
        static string Body(string data) =>
            $$"""{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{data}}"} },{"type":"text","text":"what?"}]}]}""";
        Assert.NotEqual(Dialect.KeyOf(Body(new string('A', 9000))), Dialect.KeyOf(Body(new string('A', 8999) + "B")));
    }
}
