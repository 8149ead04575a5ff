using System.Collections.Immutable;

namespace Engine.Host.Configuration.Hocon;

/// <summary>An include statement as written, and where its file's keys will stand.</summary>
internal sealed record HoconInclude(HoconOrigin Origin, string Name, bool IsRequired, HoconScope Scope);

/// <summary>Where a file's root stands in the whole configuration.</summary>
/// <param name="Roots">Paths of this file's root and of the roots of the files around it, innermost first; the last is empty.</param>
/// <param name="IsInList">No path leads here, so nothing inside can be referred to by one.</param>
internal sealed record HoconScope(ImmutableArray<ImmutableArray<string>> Roots, bool IsInList)
{
    public static HoconScope Whole { get; } = new([[]], IsInList: false);

    /// <summary>The scope of a file included at a path of this file.</summary>
    public HoconScope Within(IReadOnlyCollection<string> path, bool inList) => inList
        ? new HoconScope([[]], IsInList: true)
        : path.Count == 0 ? this : this with { Roots = Roots.Insert(0, [.. Roots[0], .. path]) };
}
