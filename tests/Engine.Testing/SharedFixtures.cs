namespace Engine.Testing;

/// <summary>
/// Finds recorded traffic that lies beside the repository, in <c>shared/fixtures</c> of some folder above it, and the
/// repository's own small set. Tests over the first skip where it is absent.
/// </summary>
public static class SharedFixtures
{
    public const string Absent = "no shared/fixtures folder above the repository";

    /// <summary>The shared folder, or null.</summary>
    public static string? Folder { get; } = Find(Path.Combine("shared", "fixtures", "MANIFEST.csv"));

    /// <summary>The repository's own <c>fixtures</c> folder.</summary>
    public static string Own { get; } =
        Find(Path.Combine("fixtures", "MANIFEST.csv")) ?? throw new DirectoryNotFoundException("fixtures/MANIFEST.csv");

    private static string? Find(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            // The build's own copy beside the test may be older than the source.
            var isOutput = string.Equals(at.FullName.TrimEnd('/', '\\'), AppContext.BaseDirectory.TrimEnd('/', '\\'), StringComparison.Ordinal);
            if (!isOutput && File.Exists(Path.Combine(at.FullName, file)))
            {
                return Path.GetDirectoryName(Path.Combine(at.FullName, file));
            }
        }

        return null;
    }
}
