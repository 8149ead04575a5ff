using Engine.Testing;

namespace Engine.Host.Tests.Architecture;

/// <summary>The tree explains the system: files stay small, and every dialect has the same rooms under the same names.</summary>
public sealed class LayoutTests
{
    private static readonly string[] Rooms =
    [
        "Dialect", "RequestReader", "RequestWriter", "EventReader", "EventWriter", "BodyWriter", "ErrorReader", "ErrorWriter", "ModelListWriter", "FinishReasons",
    ];

    [Theory]
    [InlineData("src", 400)]
    [InlineData("tests", 800)]
    public void No_file_is_longer_than_one_sitting(string folder, int limit)
    {
        var long_ = Repository.Sources(folder).Select(file => (File: file, Lines: File.ReadLines(file).Count())).Where(each => each.Lines > limit);

        Assert.Empty(long_.Select(each => $"{Path.GetRelativePath(Repository.Root, each.File)}: {each.Lines} lines"));
    }

    [Theory]
    [InlineData("OpenAiChat")]
    [InlineData("Anthropic")]
    [InlineData("Gemini")]
    public void Every_dialect_has_its_rooms(string dialect) =>
        Assert.All(Rooms, room => Assert.True(
            File.Exists(Repository.PathOf("src", "Engine.Wire", dialect, dialect + room + ".cs")), $"{dialect} has no {room}"));

    [Fact]
    public void No_name_says_nothing()
    {
        string[] banned = ["Helper", "Manager", "Utils", "Util", "Common", "Base", "Impl", "Service", "Processor", "Info"];

        Assert.All(
            Repository.Sources("src").Select(Path.GetFileNameWithoutExtension),
            name => Assert.DoesNotContain(banned, word => name!.EndsWith(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void Neutral_folders_name_no_dialect()
    {
        string[] neutral = ["Completion", "Framing", "Json", "Normalising", "Dialects"];
        string[] dialects = ["Engine.Wire.OpenAiChat", "Engine.Wire.Anthropic", "Engine.Wire.Gemini"];

        var offenders = neutral.SelectMany(folder => Repository.Sources("src", "Engine.Wire", folder))
            .Where(file => dialects.Any(dialect => File.ReadAllText(file).Contains($"using {dialect};", StringComparison.Ordinal)));

        Assert.Empty(offenders);
    }

    [Fact]
    public void Dialects_do_not_know_each_other()
    {
        string[] dialects = ["OpenAiChat", "Anthropic", "Gemini"];

        var offenders =
            from dialect in dialects
            from file in Repository.Sources("src", "Engine.Wire", dialect)
            from other in dialects
            where other != dialect && File.ReadAllText(file).Contains($"using Engine.Wire.{other};", StringComparison.Ordinal)
            select $"{Path.GetFileName(file)} uses {other}";

        Assert.Empty(offenders);
    }
}
