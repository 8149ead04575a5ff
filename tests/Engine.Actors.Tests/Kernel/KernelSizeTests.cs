using Engine.Testing;

namespace Engine.Actors.Tests.Kernel;

public sealed class KernelSizeTests
{
    private const int MostLines = 1_000;

    private static readonly string[] Files = [.. Repository.Sources("src", "Engine.Actors", "Kernel")];

    [Fact]
    public void The_kernel_has_fewer_than_a_thousand_lines_of_code() =>
        Assert.InRange(Files.SelectMany(File.ReadAllLines).Select(line => line.Trim()).Count(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)), 1, MostLines - 1);

    [Fact]
    public void The_kernel_knows_nothing_of_what_is_built_on_it() => Assert.All(
        Files,
        file => Assert.DoesNotMatch(@"Engine\.Actors\.(Persistence|Accounts|Rotation|Retries)", File.ReadAllText(file)));
}
