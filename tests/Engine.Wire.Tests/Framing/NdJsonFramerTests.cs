using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

public class NdJsonFramerTests
{
    private static void Gives(string input, params string[] expected) => FrameTranscript.Is(FrameFormat.NdJson, input, expected);

    [Fact]
    public void Each_line_is_an_event() => Gives("{\"a\":1}\n{\"b\":\"\\n\"}\n", "event [] {\"a\":1}", "event [] {\"b\":\"\\n\"}", "End");

    [Fact]
    public void A_CR_before_the_line_end_is_not_data() =>
        Gives("{\"a\":1}\r\n{\"b\":2}\r\n", "event [] {\"a\":1}", "event [] {\"b\":2}", "End");

    [Fact]
    public void White_space_around_a_value_is_not_data() => Gives(" \t{\"a\":1} \n", "event [] {\"a\":1}", "End");

    [Fact]
    public void Blank_lines_are_skipped() =>
        Gives("\n\r\n{\"a\":1}\n \n\n{\"b\":2}\n\n", "event [] {\"a\":1}", "event [] {\"b\":2}", "End");

    [Theory]
    [InlineData("{\"b\":2}", "event [] {\"b\":2}")]
    [InlineData("{\"b\":2}\r", "event [] {\"b\":2}")]
    [InlineData("{\"b\":", "event [] {\"b\":")]
    public void The_last_line_may_lack_its_end(string last, string line) => Gives("{\"a\":1}\n" + last, "event [] {\"a\":1}", line, "End");

    [Fact]
    public void One_byte_order_mark_may_lead() => Gives("\uFEFF{\"a\":1}\n", "event [] {\"a\":1}", "End");

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(" \r\n")]
    public void Nothing_gives_nothing(string input) => Gives(input, "End");
}
