using Engine.Host.Configuration;

namespace Engine.Host.Commands;

/// <summary><c>engine check</c>: one line per fault, exit code 1 if there is any.</summary>
internal static class CheckCommand
{
    public static int Run(string? config, IReadOnlyList<string> overrides)
    {
        var path = ConfigPath.Resolve(config);
        var check = ConfigCheck.Of(ConfigLoad.Load(path, overrides, Environment.GetEnvironmentVariable));
        foreach (var line in check.Lines)
        {
            Console.Out.WriteLine(line);
        }

        foreach (var notice in check.Notices)
        {
            Console.Out.WriteLine("note: " + notice);
        }

        if (check.ExitCode == 0)
        {
            Console.Out.WriteLine($"{path}: no faults");
        }

        return check.ExitCode;
    }
}
