using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Engine.Wire.Dialects;

namespace Engine.Wire.Tests.Dialects;

/// <summary>What holds for the conversation's key in every dialect.</summary>
public sealed class ConversationReaderTests
{
    public static readonly TheoryData<string> Names = [.. Conversations.All.Select(dialect => dialect.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Any_session_header_names_the_conversation_whatever_the_body_says(string name)
    {
        var dialect = Conversations.Named(name);
        string[] headers =
        [
            "x-engine-session", "x-claude-code-session-id", "session-id", "session_id", "x-session-id", "x-session-affinity",
            "conversation-id", "conversation_id",
        ];
        var keys = headers.SelectMany(header => new[]
        {
            dialect.KeyOf(Conversations.Request(dialect, "s", "t", ["one"]), (header, "abc")),
            dialect.KeyOf(Conversations.Request(dialect, "other", "t", ["two"]), (header, " abc ")),
            dialect.KeyOf("""{"session_id":"else","metadata":{"user_id":"else"}}""", (header, "abc")),
        });
        Assert.Equal([Conversations.KeyOfId("abc")], keys.Distinct());
        Assert.NotEqual(Conversations.KeyOfId("abc"), Conversations.KeyOfId("abd"));
    }

    [Fact]
    public void The_first_header_wins_and_a_blank_one_is_none()
    {
        var dialect = Conversations.All[0];
        Assert.Equal(Conversations.KeyOfId("a"), dialect.KeyOf("{}", ("conversation_id", "z"), ("x-engine-session", "a"), ("session-id", "m")));
        Assert.Equal(Conversations.KeyOfId("z"), dialect.KeyOf("{}", ("x-engine-session", "  "), ("conversation_id", "z")));
        Assert.Equal(UInt128.Zero, dialect.KeyOf("{}", ("x-engine-session", "")));
    }

    [Fact]
    public void A_key_is_the_first_128_bits_of_a_hash_whose_input_says_what_it_is()
    {
        Assert.Equal(Hash("id:grüße"), Conversations.KeyOfId("grüße"));
        Assert.Equal(
            Hash("""prefix:systemnull,tools[{"name":"f",},],user[{"type":"text","text":"hi",},],"""),
            Conversations.Named("anthropic").KeyOf("""{"messages":[{"content":"hi","role":"user"},{}],"tools":[{"name":"f"}]}"""));
        static UInt128 Hash(string input) =>
            UInt128.Parse(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(input)))[..32], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    [Theory, MemberData(nameof(Names))]
    public void System_prompt_tools_and_first_user_message_each_tell_conversations_apart(string name)
    {
        var dialect = Conversations.Named(name);
        UInt128[] keys =
        [
            dialect.KeyOf(Conversations.Request(dialect, "s", "t", ["one"])),
            dialect.KeyOf(Conversations.Request(dialect, "S", "t", ["one"])),
            dialect.KeyOf(Conversations.Request(dialect, "s", "T", ["one"])),
            dialect.KeyOf(Conversations.Request(dialect, "s", "t", ["two"])),
            dialect.KeyOf(Conversations.Request(dialect, "st", "t", ["one"])),
            UInt128.Zero,
        ];
        Assert.Distinct(keys);
    }

    [Theory, MemberData(nameof(Names))]
    public void What_can_change_from_turn_to_turn_does_not_count(string name)
    {
        var dialect = Conversations.Named(name);
        var first = Conversations.Request(dialect, "s", "t", ["one"]);
        var later = Conversations.Request(dialect, "s", "t", ["one", "two", "three"]);
        var tuned = later.Insert(1, "\"temperature\":0.5,\"stream\":true,\"max_tokens\":4,\"generationConfig\":{\"topK\":2},\"user\":\"u\",");
        Assert.Equal(dialect.KeyOf(first), dialect.KeyOf(tuned));
    }

    [Theory, MemberData(nameof(Names))]
    public void White_space_outside_of_strings_does_not_count_and_inside_it_does(string name)
    {
        var dialect = Conversations.Named(name);
        var tight = Conversations.Request(dialect, "s", "t", ["one", "two"]);
        var loose = tight.Replace(",", " ,\r\n\t", StringComparison.Ordinal).Replace(":", " : ", StringComparison.Ordinal).Replace("{", "{\n", StringComparison.Ordinal);
        Assert.Equal(dialect.KeyOf(tight), dialect.KeyOf(loose));
        Assert.NotEqual(dialect.KeyOf(tight), dialect.KeyOf(Conversations.Request(dialect, "s", "t", ["one ", "two"])));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_body_that_breaks_off_or_is_no_object_names_no_conversation(string name)
    {
        var dialect = Conversations.Named(name);
        var whole = Conversations.Request(dialect, "s", "t", ["one", "two"]);
        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.Equal(UInt128.Zero, dialect.KeyOf(whole[..length])));
        Assert.All(["null", "5", "\"x\"", "[]", "{}", " ", "\uFEFF", "{\"a\":}", "{]", new string('[', 500)], body => Assert.Equal(UInt128.Zero, dialect.KeyOf(body)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Without_an_id_and_a_user_turn_there_is_no_conversation(string name)
    {
        var dialect = Conversations.Named(name);
        var (turns, content) = name == "gemini" ? ("contents", "parts") : ("messages", "content");
        string[] bodies =
        [
            Conversations.Request(dialect, "s", "t", []).Replace(",]", "]", StringComparison.Ordinal),
            $$"""{"{{turns}}":[]}""",
            $$"""{"{{turns}}":null}""",
            $$"""{"{{turns}}":"hi"}""",
            $$"""{"{{turns}}":["hi",[],null,5]}""",
            $$"""{"{{turns}}":[{"role":"assistant","{{content}}":[]}]}""",
            """{"session_id":"","sessionId":null,"session_id":"  ","prompt_cache_key":7,"conversation":{"id":""},"metadata":{"user_id":" ","session_id":[]}}""",
        ];
        Assert.All(bodies, body => Assert.Equal(UInt128.Zero, dialect.KeyOf(body)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Unpaired_surrogates_and_other_odd_names_are_read_over(string name)
    {
        var dialect = Conversations.Named(name);
        var (turns, content) = name == "gemini" ? ("contents", "parts") : ("messages", "content");
        var odd = $$$"""{"\ud800":1,"{{{turns}}}":[{"r\udc00":1,"role":"user","{{{content}}}":[{"cache_con\ud800":"\ud800","cach\u0065_control":1}]}],"tools":{"a":1}}""";
        Assert.NotEqual(UInt128.Zero, dialect.KeyOf(odd));
        Assert.Equal(dialect.KeyOf(odd), dialect.KeyOf(odd.Replace(",\"cach\\u0065_control\":1", "", StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Memory_does_not_grow_with_the_body(string name)
    {
        var dialect = Conversations.Named(name);
        var text = new string('x', 1000);
        var body = Encoding.UTF8.GetBytes(Conversations.Request(dialect, text, "t", [.. Enumerable.Repeat(text, 301)]));
        var request = new ClientRequest { Body = body };
        var key = Read(dialect, request, 50);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(key, Read(dialect, request, 100));

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 1024);
        Assert.InRange(body.Length, 300_000, int.MaxValue);
    }

    private static UInt128 Read(IClientDialect dialect, ClientRequest request, int times)
    {
        var key = UInt128.Zero;
        for (var i = 0; i < times; i++)
        {
            key = dialect.ReadConversation(request);
        }

        return key;
    }
}
