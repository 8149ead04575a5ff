using System.Reflection;
using System.Xml.Linq;
using Engine.Actors.Rotation;
using Engine.Testing;
using Engine.Wire.Completion;

namespace Engine.Host.Tests.Architecture;

/// <summary>Host references Wire and Actors; Wire and Actors reference nothing of ours and nothing but the framework.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] JournalPackages = ["Microsoft.Data.Sqlite", "SQLitePCLRaw", "Npgsql"];

    [Fact]
    public void Wire_references_only_the_base_class_library() =>
        Assert.All(References(typeof(ICompletionSink).Assembly), name => Assert.StartsWith("System.", name, StringComparison.Ordinal));

    [Fact]
    public void Actors_references_only_the_base_class_library_and_its_journals_databases() =>
        Assert.All(References(typeof(AccountPool).Assembly), name => Assert.True(
            name.StartsWith("System.", StringComparison.Ordinal) || JournalPackages.Any(package => name.StartsWith(package, StringComparison.Ordinal)), name));

    [Theory]
    [InlineData("Engine.Wire")]
    [InlineData("Engine.Actors")]
    public void Neither_room_has_a_project_reference(string project) => Assert.Empty(Items(project, "ProjectReference"));

    [Fact]
    public void Wire_has_no_package() => Assert.Empty(Items("Engine.Wire", "PackageReference"));

    [Fact]
    public void Actors_has_only_its_journals_packages() => Assert.All(
        Items("Engine.Actors", "PackageReference"),
        package => Assert.Contains(JournalPackages, known => package.StartsWith(known, StringComparison.Ordinal)));

    [Theory]
    [InlineData("Engine.Wire")]
    [InlineData("Engine.Actors")]
    public void Neither_room_has_a_framework_reference(string project) => Assert.Empty(Items(project, "FrameworkReference"));

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static IReadOnlyList<string> Items(string project, string item) =>
        [.. XDocument.Load(Repository.PathOf("src", project, project + ".csproj")).Descendants(item).Select(element => (string)element.Attribute("Include")!)];
}
