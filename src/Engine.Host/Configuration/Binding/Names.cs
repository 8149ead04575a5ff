using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary>Names that operators choose, and the names of what they did not set.</summary>
internal static class Names
{
    public const string Allowed = "1 to 64 letters, digits, '-', '_', '.', '+' or '@'";

    private const int Longest = 64;

    // They appear in headers, metrics and model names, where '/', ':' and blanks mean something else.
    public static bool IsName(string text) =>
        text.Length is > 0 and <= Longest && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+' or '@');

    /// <summary>A name; null when it is absent or faulty.</summary>
    public static string? Read(SectionReader reader, string key)
    {
        if (reader.Text(key) is not { } name)
        {
            return null;
        }

        if (!IsName(name))
        {
            reader.Fault(key, $"must be {Allowed}");
            return null;
        }

        return name;
    }

    /// <summary>What is wrong with a model's name or alias; null when nothing is.</summary>
    public static string? ModelFault(string name) => name switch
    {
        "" => "may not be empty",
        { Length: > 256 } => "may not be longer than 256 characters",
        _ when name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) => "may not hold blanks",
        _ when name.StartsWith("route:", StringComparison.Ordinal) => "may not start with \"route:\", which names a flow",
        _ when name.Contains("://", StringComparison.Ordinal) => "may not hold \"://\", which names a provider",
        [.., ')'] => "may not end with ')', which ends a thinking suffix",
        _ => null,
    };

    public static string NotSet(HoconVanished vanished) => vanished.Names.Count == 1
        ? $"{vanished.Names[0]} is not set"
        : $"none of {string.Join(", ", vanished.Names)} is set";
}
