using System.Text;
using System.Text.Unicode;
using Engine.Wire.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Json;

public class Utf8RepairTests
{
    [Theory]
    [InlineData("6162", "ab")]
    [InlineData("61FF62", "a\uFFFDb")]
    [InlineData("F09F98", "\uFFFD")]
    [InlineData("F09F9822", "\uFFFD\"")]
    [InlineData("C080", "\uFFFD\uFFFD")]
    [InlineData("EDA080", "\uFFFD\uFFFD\uFFFD")]
    public void Pitfall_002_Each_bad_sequence_becomes_one_replacement_character(string hex, string text) =>
        Assert.Equal(text, Encoding.UTF8.GetString(Repaired(Convert.FromHexString(hex))));

    [Fact]
    public void Repaired_bytes_are_valid_and_what_the_platform_decodes() => Prop
        .ForAll<byte[]>(static bytes =>
        {
            var repaired = Repaired(bytes);
            return Utf8.IsValid(repaired) && repaired.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)));
        })
        .QuickCheckThrowOnFailure();

    private static byte[] Repaired(byte[] bytes)
    {
        var repaired = new byte[Utf8Repair.Measure(bytes)];
        Assert.Equal(repaired.Length, Utf8Repair.Write(bytes, repaired));
        return repaired;
    }
}
