namespace Engine.Host.Configuration.Hocon;

/// <summary>Caps that keep a wrong or hostile file from exhausting the process; each is far above what a config needs.</summary>
internal static class HoconLimits
{
    public const int FileBytes = 4 * 1024 * 1024;

    /// <summary>Braces and brackets within each other in one file.</summary>
    public const int Nesting = 64;

    /// <summary>Files including files.</summary>
    public const int IncludeDepth = 32;

    /// <summary>Files read for one configuration.</summary>
    public const int Files = 256;

    /// <summary>Substitutions that lead to each other, and objects within objects after substitution.</summary>
    public const int ResolveDepth = 1000;

    /// <summary>Values in the resolved tree: substitutions can multiply what a small file says.</summary>
    public const int ResolvedValues = 50_000;

    /// <summary>UTF-16 units in one joined string.</summary>
    public const int TextLength = 1024 * 1024;
}
