namespace Engine.Testing;

/// <summary>
/// Recorded traffic that lies beside the repository, in <c>shared/fixtures</c> of some folder above it. Tests over it skip
/// where it is absent.
/// </summary>
public static class SharedFixtures
{
    public const string Absent = "no shared/fixtures folder above the repository";

    /// <summary>The folder, or null.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "shared", "fixtures");
            if (File.Exists(Path.Combine(folder, "MANIFEST.csv")))
            {
                return folder;
            }
        }

        return null;
    }
}
