using Engine.Host.Configuration.Binding;
using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration;

/// <param name="Options">Null when there is any fault.</param>
/// <param name="Faults">By file and place.</param>
/// <param name="Notices">By file and place.</param>
/// <param name="Files">Every file read or looked for: a change to any of them may change the configuration.</param>
internal sealed record ConfigResult(
    EngineOptions? Options,
    IReadOnlyList<ConfigFault> Faults,
    IReadOnlyList<ConfigNotice> Notices,
    IReadOnlyCollection<HoconFile> Files);

/// <summary>Files, overrides and environment → options, or every fault that stands against them.</summary>
internal static class ConfigLoad
{
    /// <summary>Loads the configuration.</summary>
    /// <param name="path">As messages shall show it; relative to the working directory.</param>
    /// <param name="overrides">Each <c>key=value</c>; later ones win.</param>
    /// <param name="environment">The value of an environment variable, null when it is not set. An empty one counts as not set.</param>
    public static ConfigResult Load(string path, IReadOnlyList<string> overrides, Func<string, string?> environment)
    {
        var ledger = new BindingLedger(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var read = HoconLoad.FromFile(path, name => environment(name) is { Length: > 0 } value ? value : null, (root, faults) =>
        {
            for (var i = 0; root is ObjectNode fields && i < overrides.Count; i++)
            {
                ConfigOverride.Apply(fields, overrides[i], i + 1, faults);
            }
        });
        ledger.Faults.AddRange(read.Faults);
        EngineOptions? options = null;
        if (read.Root is HoconObject root)
        {
            options = EngineBinder.Bind(root, ledger);
        }
        else if (read.Root is HoconList)
        {
            ledger.Fault(read.Root.Origin, "the configuration must be an object, not a list");
        }

        return new ConfigResult(
            ledger.Faults.Count == 0 ? options : null,
            [.. ledger.Faults
                .OrderBy(fault => fault.File, StringComparer.Ordinal)
                .ThenBy(fault => fault.Line)
                .ThenBy(fault => fault.Column)],
            [.. ledger.Notices.OrderBy(notice => notice.File, StringComparer.Ordinal).ThenBy(notice => notice.Line)],
            read.Files);
    }
}
