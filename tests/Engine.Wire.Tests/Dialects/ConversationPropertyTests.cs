using System.Text;
using Engine.Wire.Dialects;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Dialects;

/// <summary>Laws of the conversation's key, for any conversation in any dialect.</summary>
public sealed class ConversationPropertyTests
{
    private const int Runs = 300;
    private const string Mark = "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";

    private static readonly Gen<string> Text =
        from letters in Gen.Elements("a", "b", " ", "ü", "\\n", "\\\"", "\\u0041", "{", "]", ",").ListOf()
        select string.Concat(letters);

    private static readonly Gen<Case> Cases =
        from dialect in Gen.Elements(Conversations.All.ToArray())
        from system in Text
        from tool in Text
        from first in Text
        from rest in Text.ListOf()
        from seed in Gen.Choose(0, int.MaxValue)
        select new Case(dialect, system, tool, [first, .. rest], seed);

    [Fact]
    public void Appending_turns_never_changes_the_key() => Check(each =>
        each.Dialect.KeyOf(each.Request(1)) is var key && key != 0
        && Enumerable.Range(1, each.Turns.Count).All(count => each.Dialect.KeyOf(each.Request(count)) == key));

    [Fact]
    public void Moving_cache_breakpoints_never_changes_the_key() => Check(each =>
    {
        var plain = each.Request(each.Turns.Count);
        return Marked(plain, each.Seed) is var marked && marked.Contains(Mark, StringComparison.Ordinal)
            && each.Dialect.KeyOf(marked) == each.Dialect.KeyOf(plain)
            && each.Dialect.KeyOf(Marked(plain, each.Seed / 2)) == each.Dialect.KeyOf(plain);
    });

    [Fact]
    public void Two_requests_share_a_key_only_with_the_same_system_tools_and_first_user_message()
    {
        var pairs = from left in Cases from right in Cases select (left, right with { Dialect = left.Dialect });
        Prop.ForAll(pairs.ToArbitrary(), pair =>
        {
            var (left, right) = pair;
            var same = left.System == right.System && left.Tool == right.Tool && left.Turns[0] == right.Turns[0];
            return same == (left.Dialect.KeyOf(left.Request(left.Turns.Count)) == right.Dialect.KeyOf(right.Request(1)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Damaged_bodies_never_throw() => Check(each =>
    {
        var body = Encoding.UTF8.GetBytes(each.Request(each.Turns.Count));
        for (var i = 0; i < body.Length; i++)
        {
            var kept = body[i];
            body[i] = "\\\"{}[]:,0n\xFF "u8[((each.Seed % 13) + i) % 13];
            _ = each.Dialect.ReadConversation(new ClientRequest { Body = body });
            body[i] = kept;
        }

        return each.Dialect.ReadConversation(new ClientRequest { Body = body }) != 0;
    });

    // Puts breakpoints into some of the objects of a body: the second, and those that the seed picks. What follows the quote tells
    // an object from a text that ends in a brace.
    private static string Marked(string body, int seed)
    {
        var pieces = body.Split("{\"");
        var marked = new StringBuilder(pieces[0]);
        for (var i = 1; i < pieces.Length; i++)
        {
            var picked = i > 1 && char.IsAsciiLetter(pieces[i][0]) && (i == 2 || ((seed >> (i % 31)) & 1) != 0);
            marked.Append(picked ? "{" + Mark + ",\"" : "{\"").Append(pieces[i]);
        }

        return marked.ToString();
    }

    private static void Check(Func<Case, bool> law) =>
        Prop.ForAll(Cases.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    private sealed record Case(IClientDialect Dialect, string System, string Tool, IReadOnlyList<string> Turns, int Seed)
    {
        public string Request(int turns) => Conversations.Request(Dialect, System, Tool, [.. Turns.Take(turns)]);
    }
}
