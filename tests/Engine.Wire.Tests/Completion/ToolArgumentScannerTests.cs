using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Completion;

public class ToolArgumentScannerTests
{
    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"a":{"b":[1,2]},"c":"}"}""")]
    [InlineData("""{"a":"\"}\\"}""")]
    [InlineData("""{"quote":"\u0022}"}""")]
    [InlineData(""" [1] """)]
    [InlineData("""{"é":"❤"}""")]
    public void Arguments_are_complete_at_their_last_bracket_and_not_before_however_they_are_cut(string arguments)
    {
        var escaped = JsonStrings.Escape(arguments);
        var end = escaped.AsSpan().LastIndexOfAny((byte)'}', (byte)']') + 1;
        for (var cut = 0; cut <= escaped.Length; cut++)
        {
            var scanner = default(ToolArgumentScanner);
            scanner.Feed(escaped.AsSpan(0, cut));
            Assert.Equal(cut >= end, scanner.IsComplete);
            scanner.Feed(escaped.AsSpan(cut));
            Assert.True(scanner.IsComplete);
            Assert.False(scanner.HasOverrun);
        }
    }

    [Fact]
    public void A_quote_written_as_an_outer_unicode_escape_opens_a_string()
    {
        var scanner = default(ToolArgumentScanner);
        scanner.Feed("{\\u0022a}\\u0022"u8);
        Assert.False(scanner.IsComplete);
        scanner.Feed(":1}"u8);
        Assert.True(scanner.IsComplete);
    }

    [Theory]
    [InlineData("{} \\n\\t", false)]
    [InlineData("{}{}", true)]
    [InlineData("{}x", true)]
    public void Only_white_space_may_follow(string escaped, bool overrun)
    {
        var scanner = default(ToolArgumentScanner);
        scanner.Feed(Encoding.UTF8.GetBytes(escaped));
        Assert.True(scanner.IsComplete);
        Assert.Equal(overrun, scanner.HasOverrun);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{\\\"a\\\":1")]
    [InlineData("12")]
    public void What_may_go_on_is_not_complete(string escaped)
    {
        var scanner = default(ToolArgumentScanner);
        scanner.Feed(Encoding.UTF8.GetBytes(escaped));
        Assert.False(scanner.IsComplete);
    }
}
