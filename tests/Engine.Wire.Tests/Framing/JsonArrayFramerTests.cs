using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

public class JsonArrayFramerTests
{
    private static void Gives(string input, params string[] expected) => FrameTranscript.Is(FrameFormat.JsonArray, input, expected);

    [Fact]
    public void Each_element_is_an_event() => Gives("[{\"a\":1},{\"b\":2}]", "event [] {\"a\":1}", "event [] {\"b\":2}", "End");

    [Fact]
    public void Elements_keep_their_layout_and_lose_what_stands_between_them() =>
        Gives("[{\n  \"a\": 1\n}\r\n,\r\n{\n  \"b\": [2]\n}\n]\n", "event [] {\n  \"a\": 1\n}", "event [] {\n  \"b\": [2]\n}", "End");

    [Fact]
    public void An_element_is_given_out_when_its_bracket_closes()
    {
        var framer = default(JsonArrayFramer);

        Assert.Equal(FrameStatus.Frame, framer.Read("[{\"a\":1}"u8, isFinal: false, out var frame));
        Assert.Equal(8, frame.Length);
    }

    [Theory]
    [InlineData("{\"a\":\"]}\"}")]
    [InlineData("{\"a\":\"\\\"]}\"}")]
    [InlineData("{\"a\":\"\\\\\"}")]
    [InlineData("{\"a\":\"\\u005c\\\\\\\"[{\"}")]
    [InlineData("{\"[{\":[[{}],[]]}")]
    [InlineData("[{\"a\":1}]")]
    public void Brackets_count_outside_strings_only(string element) =>
        Gives($"[{element},{element}]", "event [] " + element, "event [] " + element, "End");

    [Fact]
    public void A_lone_object_is_an_element() => Gives("\n{\"error\":{\"code\":400}}\n", "event [] {\"error\":{\"code\":400}}", "End");

    [Fact]
    public void Objects_may_follow_one_another_without_an_array() =>
        Gives("{\"a\":1}\n{\"b\":2}{\"c\":3}", "event [] {\"a\":1}", "event [] {\"b\":2}", "event [] {\"c\":3}", "End");

    [Fact]
    public void Doubled_commas_are_one() => Gives("[{\"a\":1}, ,{\"b\":2},]", "event [] {\"a\":1}", "event [] {\"b\":2}", "End");

    [Theory]
    [InlineData("[]")]
    [InlineData(" [ ] ")]
    [InlineData("")]
    [InlineData("\n \t\r")]
    [InlineData("\uFEFF[]")]
    public void Nothing_gives_nothing(string input) => Gives(input, "End");

    [Theory]
    [InlineData("[")]
    [InlineData("[{\"a\":1}")]
    [InlineData("[{\"a\":1},")]
    [InlineData("[{\"a\":1},{\"b\":\"")]
    [InlineData("[{\"a\":1},{\"b\":\"]\\")]
    public void An_array_that_never_closes_is_truncated(string input) =>
        Gives(input, [.. input.Contains('1', StringComparison.Ordinal) ? ["event [] {\"a\":1}"] : Array.Empty<string>(), "Truncated"]);

    [Fact]
    public void A_lone_object_that_never_closes_is_truncated() => Gives("{\"a\":{}", "Truncated");

    [Theory]
    [InlineData("<html>502</html>")]
    [InlineData("data: {}\n\n")]
    [InlineData("]")]
    [InlineData(",{}")]
    [InlineData("\"text\"")]
    [InlineData("[1]")]
    [InlineData("[] []")]
    [InlineData("[]{}")]
    public void Anything_else_is_malformed(string input) => Gives(input, "Malformed");

    [Fact]
    public void What_came_before_the_fault_is_given_out() => Gives("[{\"a\":1}x{\"b\":2}]", "event [] {\"a\":1}", "Malformed");
}
