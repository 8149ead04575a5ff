using System.Text;
using System.Text.Unicode;
using Engine.Wire.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Json;

public class Utf8RepairTests
{
    private static byte[] Repaired(byte[] bytes)
    {
        byte[] repaired = new byte[Utf8Repair.Measure(bytes)];
        Assert.Equal(repaired.Length, Utf8Repair.Write(bytes, repaired));
        return repaired;
    }

    [Theory]
    [InlineData("61 62", "ab")]
    [InlineData("C3 A9", "é")]
    [InlineData("61 FF 62", "a\uFFFDb")]
    [InlineData("F0 9F 98", "\uFFFD")]
    [InlineData("F0 9F 98 22", "\uFFFD\"")]
    [InlineData("E2 82", "\uFFFD")]
    [InlineData("C0 80", "\uFFFD\uFFFD")]
    [InlineData("ED A0 80", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("80 F0 9F 98 80", "\uFFFD😀")]
    public void Each_bad_sequence_becomes_one_replacement_character(string hex, string text) =>
        Assert.Equal(text, Encoding.UTF8.GetString(Repaired(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)))));

    [Fact]
    public void Repaired_bytes_are_what_the_platform_decodes()
    {
        var bytes = Gen.OneOf(
            Gen.Elements<byte>(0x22, 0x41, 0x7F),
            Gen.Elements<byte>(0x80, 0x98, 0x9F, 0xBF),
            Gen.Elements<byte>(0xC0, 0xC3, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF)).ArrayOf();

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(bytes.ToArbitrary(), input =>
            {
                byte[] repaired = Repaired(input);
                return Utf8.IsValid(repaired) && repaired.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(input)));
            }));
    }
}
