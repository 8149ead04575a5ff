using Engine.Host.Exchange;

namespace Engine.Host.Tests.Exchange;

public sealed class RetryHintTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("retry-after", "7", 7)]
    [InlineData("retry-after", "1.5", 1.5)]
    [InlineData("retry-after-ms", "250", 0.25)]
    [InlineData("retry-after", "Sat, 21 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("retry-after", "Sat, 21 Nov 2026 11:59:30 GMT", 0)]
    [InlineData("retry-after", "604800", 604800)]
    public void Seconds_milliseconds_and_dates_are_read(string name, string value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryHint.Read(header => header == name ? value : null, Now));

    [Fact]
    public void Milliseconds_win_over_seconds() =>
        Assert.Equal(TimeSpan.FromMilliseconds(100), RetryHint.Read(header => header == "retry-after-ms" ? "100" : "9", Now));

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("")]
    public void Anything_else_is_no_hint(string value) => Assert.Null(RetryHint.Read(_ => value, Now));
}
