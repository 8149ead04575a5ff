using Engine.Host.Inflating.Zstandard;

namespace Engine.Host.Tests.Inflating.Zstandard;

public class RecentOffsetsTests
{
    // Offset values after each other, "!" behind one without literals, and the offsets that they mean. A frame starts with 1, 4, 8.
    [Theory]
    [InlineData("1 1", "1 1")]
    [InlineData("2 2", "4 1")]
    [InlineData("3 3 3", "8 4 1")]
    [InlineData("1! 1!", "4 1")]
    [InlineData("2! 1", "8 8")]
    [InlineData("3!", "0")]
    [InlineData("23 3! 1 2 3", "20 19 19 20 1")]
    [InlineData("13 23 33 3 3 3", "10 20 30 10 20 30")]
    [InlineData("13 23 33 2 3", "10 20 30 20 10")]
    public void A_value_up_to_3_names_one_of_the_last_offsets(string values, string offsets)
    {
        RecentOffsets recent = RecentOffsets.Initial;

        List<uint> resolved = [];
        foreach (string value in values.Split(' '))
        {
            resolved.Add(recent.Resolve(uint.Parse(value.TrimEnd('!')), hasLiterals: !value.EndsWith('!')));
        }

        Assert.Equal(offsets, string.Join(' ', resolved));
    }
}
