using Engine.Host.Configuration;

namespace Engine.Host.Tests.Configuration;

/// <summary>Loads configurations written in tests.</summary>
internal sealed class ConfigSample : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public string Folder => _folder.Path;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public List<string> Overrides { get; } = [];

    /// <summary>Writes a file beside the configuration.</summary>
    public string Write(string name, string text) => _folder.Write(name, text);

    public ConfigSource Source(string text) => new(Write("engine.hocon", text), Overrides, name => Environment.GetValueOrDefault(name));

    public ConfigResult Load(string text) => Source(text).Load();

    public EngineOptions Options(string text)
    {
        var result = Load(text);
        Assert.Empty(result.Faults);
        return result.Options!;
    }

    /// <summary>The faults as <c>line:column message</c>.</summary>
    public string[] Faults(string text)
    {
        var result = Load(text);
        Assert.Null(result.Options);
        return [.. result.Faults.Select(fault => $"{fault.Line}:{fault.Column} {fault.Message}")];
    }

    public void Dispose() => _folder.Dispose();
}
