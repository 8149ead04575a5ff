using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration;

/// <summary>Where a configuration comes from.</summary>
/// <param name="Path">As messages shall show it; relative to the working directory.</param>
/// <param name="Overrides">Each <c>key=value</c>.</param>
/// <param name="Environment">The value of an environment variable, null when it is not set.</param>
internal sealed record ConfigSource(string Path, IReadOnlyList<string> Overrides, Func<string, string?> Environment)
{
    public ConfigResult Load() => ConfigLoad.Load(Path, Overrides, Environment);
}

/// <param name="Before">The options until now.</param>
/// <param name="After">The options from now on.</param>
/// <param name="Notices">About the new ones.</param>
internal sealed record ConfigChange(EngineOptions Before, EngineOptions After, IReadOnlyList<ConfigNotice> Notices)
{
    /// <summary>Keys that were changed but count at the next start only.</summary>
    public IEnumerable<string> NeedsRestart()
    {
        if (!Before.Server.Listen.SequenceEqual(After.Server.Listen))
        {
            yield return "engine.server.listen";
        }

        if (Before.Server.Certificate != After.Server.Certificate)
        {
            yield return "engine.server.certificate";
        }

        if (Before.DataDir != After.DataDir)
        {
            yield return "engine.data-dir";
        }

        if (Before.Persistence != After.Persistence)
        {
            yield return "engine.persistence";
        }
    }
}

/// <summary>The options in force. An edit of any file they came from replaces them as a whole, or, when it is faulty, not at all.</summary>
internal sealed class ConfigWatch : IDisposable
{
    private readonly ConfigSource _source;
    private readonly HoconFileWatch _files;
    private EngineOptions _current;

    /// <param name="source">Where to load from again.</param>
    /// <param name="first">A faultless load of it.</param>
    /// <param name="time">Clock of the waits between an edit and its load.</param>
    public ConfigWatch(ConfigSource source, ConfigResult first, TimeProvider time)
    {
        _source = source;
        _current = first.Options ?? throw new ArgumentException("The first load must be faultless.", nameof(first));
        _files = new HoconFileWatch(first.Files, Reload, time);
    }

    /// <summary>After the options were replaced. Handlers run one by one on the thread that loaded; they should be quick.</summary>
    public event Action<ConfigChange>? Changed;

    /// <summary>After an edit was refused; its faults.</summary>
    public event Action<IReadOnlyList<ConfigFault>>? Refused;

    /// <summary>Read it once per piece of work: it may be another object at the next read.</summary>
    public EngineOptions Current => Volatile.Read(ref _current);

    /// <summary>Begins to watch. Subscribe before.</summary>
    public void Start() => _files.Start();

    public void Dispose() => _files.Dispose();

    private IReadOnlyCollection<HoconFile> Reload()
    {
        var result = _source.Load();
        if (result.Options is { } options)
        {
            var before = Interlocked.Exchange(ref _current, options);
            Changed?.Invoke(new ConfigChange(before, options, result.Notices));
        }
        else
        {
            Refused?.Invoke(result.Faults);
        }

        return result.Files;
    }
}
