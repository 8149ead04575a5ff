namespace Engine.Host.Configuration;

/// <summary>Which file is the configuration.</summary>
internal static class ConfigPath
{
    /// <summary>Relative to the working directory, or else to the folder of the executable.</summary>
    public const string Default = "config/engine.hocon";

    /// <summary>The given path, or the default one where it exists.</summary>
    public static string Resolve(string? given) => Resolve(given, Environment.CurrentDirectory, AppContext.BaseDirectory);

    /// <summary>As above, with the two folders named. When there is no file at all, the path that should be there.</summary>
    public static string Resolve(string? given, string workingFolder, string executableFolder)
    {
        if (given is not null || File.Exists(Path.Combine(workingFolder, Default)))
        {
            return given ?? Default;
        }

        var beside = Path.Combine(executableFolder, Default);
        return File.Exists(beside) ? beside : Default;
    }
}
