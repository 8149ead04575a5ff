using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Completion;

public class ToolCallAssemblerTests
{
    private static readonly BlockKey Key = new(0);

    [Fact]
    public void Fragments_cut_at_every_offset_make_the_same_object()
    {
        const string Json = "{\"text\":\"line\\nquote \\\" back\\\\slash \\u00e9 \\ud83c\\udf0d é 🌍\",\"n\":1.0,\"big\":12345678901234567890}";
        var escaped = JsonStrings.Escape(Json);
        for (var first = 0; first <= escaped.Length; first++)
        {
            for (var second = first; second <= escaped.Length; second += 3)
            {
                Assert.Equal(Json, Assemble(escaped[..first], escaped[first..second], escaped[second..]));
            }
        }
    }

    [Fact]
    public void Escapes_of_escapes_cut_at_every_offset_make_the_same_object()
    {
        // How a careful upstream writes {"a":"🌍\n"} as argument text: every character of it may be a \u escape.
        var escaped = Encoding.ASCII.GetBytes("\\u007b\\u0022a\\u0022:\\\"\\ud83c\\udf0d\\\\n\\\"}");
        for (var cut = 0; cut <= escaped.Length; cut++)
        {
            Assert.Equal("{\"a\":\"🌍\\n\"}", Assemble(escaped[..cut], escaped[cut..]));
        }
    }

    [Fact]
    public void Any_text_cut_anywhere_arrives_as_it_was() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonNull<string>>(),
            ArbMap.Default.ArbFor<PositiveInt>(),
            static (text, size) =>
            {
                var value = Encoding.UTF8.GetString(JsonStrings.Escape(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get))));
                var json = $"{{\"v\":\"{value}\"}}";
                var escaped = JsonStrings.Escape(json);
                return Assemble([.. escaped.Chunk(Math.Min(size.Get, 7))]) == json;
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("null")]
    public void No_arguments_are_an_empty_object(string fragment) => Assert.Equal("{}", Assemble(Encoding.UTF8.GetBytes(fragment)));

    [Theory]
    [InlineData("{\\\"a\\\":")]
    [InlineData("[1]")]
    [InlineData("\\\"text\\\"")]
    [InlineData("{}{}")]
    [InlineData("{\\\"a\\\":\\\"line\\nbreak\\\"}")]
    [InlineData("\\x")]
    public void What_is_not_one_object_is_not_valid(string fragment) => Assert.Null(Assemble(Encoding.UTF8.GetBytes(fragment)));

    [Fact]
    public void Line_breaks_between_tokens_become_spaces() =>
        Assert.Equal("{  \"a\": 1 }", Assemble(JsonStrings.Escape("{\r\n\"a\": 1\n}")));

    [Fact]
    public void Interleaved_calls_do_not_mix()
    {
        using var assembler = new ToolCallAssembler();
        var other = new BlockKey(1);
        Start(assembler, Key);
        Start(assembler, other);
        assembler.Append(Key, EscapedText.FromContent("{\\\"a\\\":"u8));
        assembler.Append(other, EscapedText.FromContent("{}"u8));
        assembler.Append(Key, EscapedText.FromContent("1}"u8));

        Assert.True(assembler.TryEnd(Key, out var first));
        Assert.Equal("{\"a\":1}", first.Arguments.ToString());
        Assert.True(assembler.TryEnd(other, out var second));
        Assert.Equal("{}", second.Arguments.ToString());
        Assert.False(assembler.TryEnd(other, out _));
    }

    [Fact]
    public void The_cap_holds_over_all_open_calls_and_ended_calls_free_it()
    {
        using var assembler = new ToolCallAssembler(maximum: 10);
        Start(assembler, Key);
        Start(assembler, new BlockKey(1));
        assembler.Append(Key, EscapedText.FromContent("{     }"u8));
        Assert.Throws<BufferCapExceededException>(() => assembler.Append(new BlockKey(1), EscapedText.FromContent("{  }"u8)));

        assembler.TryEnd(Key, out _);
        assembler.Append(new BlockKey(1), EscapedText.FromContent("{     }"u8));
        Assert.True(assembler.TryEnd(new BlockKey(1), out var call) && call.IsValid);
    }

    [Fact]
    public void Too_many_open_calls_are_refused()
    {
        using var assembler = new ToolCallAssembler();

        Assert.Throws<BufferCapExceededException>(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Start(assembler, new BlockKey(i));
            }
        });
    }

    private static void Start(ToolCallAssembler assembler, BlockKey key) =>
        assembler.Start(key, EscapedText.FromContent("id"u8), EscapedText.FromContent("name"u8));

    private static string? Assemble(params byte[][] fragments)
    {
        using var assembler = new ToolCallAssembler();
        Start(assembler, Key);
        foreach (var fragment in fragments)
        {
            assembler.Append(Key, EscapedText.FromContent(fragment));
        }

        Assert.True(assembler.TryEnd(Key, out var call));
        Assert.Equal("id", call.Id.ToString());
        return call.IsValid ? call.Arguments.ToString() : null;
    }
}
