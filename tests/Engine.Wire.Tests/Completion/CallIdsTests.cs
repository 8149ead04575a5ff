using Engine.Wire.Completion;

namespace Engine.Wire.Tests.Completion;

public class CallIdsTests
{
    [Theory]
    [InlineData("toolu_01AbC-9")]
    [InlineData("call_0")]
    public void A_valid_id_stays_as_it_is(string id) => Assert.Equal(id, CallIds.Portable(id));

    [Theory]
    [InlineData("functions.f:0")]
    [InlineData("")]
    [InlineData("käse")]
    public void An_invalid_id_becomes_call_and_24_digits(string id) => Assert.Matches("^call_[0-9A-Za-z]{24}$", CallIds.Portable(id));

    [Fact]
    public void The_same_id_always_becomes_the_same_and_another_becomes_another()
    {
        Assert.Equal(CallIds.Portable("functions.f:0"), CallIds.Portable("functions.f:0"));
        Assert.NotEqual(CallIds.Portable("functions.f:0"), CallIds.Portable("functions.f:1"), StringComparer.Ordinal);
    }

    [Fact]
    public void A_rewritten_id_is_valid_and_so_rewritten_only_once()
    {
        var once = CallIds.Portable("a b");
        Assert.Equal(once, CallIds.Portable(once));
    }

    [Fact]
    public void An_id_that_is_too_long_is_rewritten() => Assert.Equal(29, CallIds.Portable(new string('a', 65), maxLength: 64).Length);

    [Theory]
    [InlineData(9, "")]
    [InlineData(12, "_-")]
    public void Where_the_prefix_does_not_fit_digits_stand_alone(int length, string extra) =>
        Assert.Matches($"^[0-9A-Za-z]{{{length}}}$", CallIds.Portable("call_0123456789abcdef", length, extra));
}
