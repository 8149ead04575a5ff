namespace Engine.Host.Configuration.Hocon;

/// <param name="Root">The resolved configuration; null when a file could not be read or parsed.</param>
/// <param name="Faults">In the order they were found; empty when all is well.</param>
/// <param name="Files">Every file read or looked for.</param>
internal sealed record HoconResult(HoconValue? Root, IReadOnlyList<ConfigFault> Faults, IReadOnlyCollection<HoconFile> Files);

/// <summary>A HOCON file, with what it includes, as resolved values.</summary>
internal static class HoconLoad
{
    /// <summary>Reads, parses and resolves.</summary>
    /// <param name="path">As messages shall show it; relative to the working directory.</param>
    /// <param name="environment">The value of an environment variable, null when it is not set.</param>
    /// <param name="amend">Changes the root before substitution; may add faults.</param>
    public static HoconResult FromFile(
        string path, Func<string, string?> environment, Action<HoconNode, List<ConfigFault>>? amend = null)
    {
        var faults = new List<ConfigFault>();
        var reader = new HoconFileReader(faults);
        var root = reader.Read(path);
        if (root is not null)
        {
            amend?.Invoke(root, faults);
        }

        var value = root is null || faults.Count > 0 ? null : HoconResolver.Resolve(root, environment, faults);
        return new HoconResult(value, faults, reader.Files);
    }

    /// <summary>Parses and resolves a text; includes are relative to the folder of <paramref name="file"/>.</summary>
    public static HoconResult FromText(string text, string file, Func<string, string?> environment)
    {
        var faults = new List<ConfigFault>();
        var reader = new HoconFileReader(faults);
        var root = HoconParser.Parse(HoconLexer.Tokenise(text, file), HoconScope.Whole, faults, reader.Include);
        var value = faults.Count > 0 ? null : HoconResolver.Resolve(root, environment, faults);
        return new HoconResult(value, faults, reader.Files);
    }
}
