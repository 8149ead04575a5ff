using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary>What binding a configuration brings to light.</summary>
/// <param name="folder">The folder, absolute, that relative paths in the configuration start from.</param>
internal sealed class BindingLedger(string folder)
{
    public List<ConfigFault> Faults { get; } = [];

    public List<ConfigNotice> Notices { get; } = [];

    /// <summary>Every key asked for, with NAME for names that operators choose and [] for list elements.</summary>
    public SortedSet<string> KnownKeys { get; } = new(StringComparer.Ordinal);

    public void Fault(HoconOrigin origin, string message) => Faults.Add(ConfigFault.At(origin, message));

    public void Notice(HoconOrigin origin, string message) => Notices.Add(ConfigNotice.At(origin, message));

    /// <summary>A path of the configuration as an absolute one; one from the command line starts from the working directory.</summary>
    public string FullPath(HoconOrigin origin, string path) =>
        origin.File == ConfigOverride.File ? Path.GetFullPath(path) : Path.GetFullPath(path, folder);
}
