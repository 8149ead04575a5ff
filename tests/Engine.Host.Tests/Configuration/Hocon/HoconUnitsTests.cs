using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Tests.Configuration.Hocon;

public sealed class HoconUnitsTests
{
    [Theory]
    [InlineData("10", 10_000_0)]
    [InlineData("10ms", 10_000_0)]
    [InlineData(" 10 millis ", 10_000_0)]
    [InlineData("1 milli", 10_000)]
    [InlineData("1millisecond", 10_000)]
    [InlineData("2milliseconds", 20_000)]
    [InlineData("100ns", 1)]
    [InlineData("100 nano", 1)]
    [InlineData("200nanos", 2)]
    [InlineData("100nanosecond", 1)]
    [InlineData("150nanoseconds", 1)]
    [InlineData("1us", 10)]
    [InlineData("1micro", 10)]
    [InlineData("1micros", 10)]
    [InlineData("1microsecond", 10)]
    [InlineData("1microseconds", 10)]
    [InlineData("1s", 10_000_000)]
    [InlineData("1second", 10_000_000)]
    [InlineData("1.5 seconds", 15_000_000)]
    [InlineData("1m", 600_000_000)]
    [InlineData("1minute", 600_000_000)]
    [InlineData("2minutes", 1_200_000_000)]
    [InlineData("1h", 36_000_000_000)]
    [InlineData("1hour", 36_000_000_000)]
    [InlineData("1e1hours", 360_000_000_000)]
    [InlineData("1d", 864_000_000_000)]
    [InlineData("1day", 864_000_000_000)]
    [InlineData("-1days", -864_000_000_000)]
    public void A_duration_is_a_number_and_a_unit(string text, long ticks) =>
        Assert.Equal(TimeSpan.FromTicks(ticks), HoconUnits.Duration(text));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("10 S")]
    [InlineData("10 parsecs")]
    [InlineData("10s 5ms")]
    [InlineData("1,5s")]
    [InlineData("10s!")]
    [InlineData("1e30d")]
    [InlineData("99999999999999999999999999999999d")]
    public void What_is_no_duration_is_null(string text) => Assert.Null(HoconUnits.Duration(text));

    public static TheoryData<string, long> Sizes()
    {
        var data = new TheoryData<string, long> { { "10", 10 }, { "1.5 K", 1536 }, { " 64 MiB ", 67_108_864 }, { "-1k", -1024 } };
        foreach (var unit in new[] { "B", "b", "byte", "bytes" })
        {
            data.Add("3" + unit, 3);
        }

        string[][] thousands = [["kB", "kilobyte", "kilobytes"], ["MB", "megabyte", "megabytes"], ["GB", "gigabyte", "gigabytes"],
            ["TB", "terabyte", "terabytes"], ["PB", "petabyte", "petabytes"], ["EB", "exabyte", "exabytes"]];
        string[][] kibi = [["K", "k", "Ki", "KiB", "kibibyte", "kibibytes"], ["M", "m", "Mi", "MiB", "mebibyte", "mebibytes"],
            ["G", "g", "Gi", "GiB", "gibibyte", "gibibytes"], ["T", "t", "Ti", "TiB", "tebibyte", "tebibytes"],
            ["P", "p", "Pi", "PiB", "pebibyte", "pebibytes"], ["E", "e", "Ei", "EiB", "exbibyte", "exbibytes"]];
        for (var i = 0; i < 6; i++)
        {
            var (thousand, kib) = ((long)Math.Pow(1000, i + 1), 1L << (10 * (i + 1)));
            Array.ForEach(thousands[i], unit => data.Add("2" + unit, 2 * thousand));
            Array.ForEach(kibi[i], unit => data.Add("2" + unit, 2 * kib));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_size_is_a_number_and_a_unit(string text, long bytes) => Assert.Equal(bytes, HoconUnits.Bytes(text));

    [Fact]
    public void The_largest_units_are_known_but_hold_only_parts() => Assert.Equal(1_125_899_906_842_624, HoconUnits.Bytes("0.00000095367431640625 ZiB"));

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("10 mib")]
    [InlineData("10 Kb")]
    [InlineData("1 ZB")]
    [InlineData("1 yobibyte")]
    [InlineData("9223372036854775808")]
    public void What_is_no_size_is_null(string text) => Assert.Null(HoconUnits.Bytes(text));
}
