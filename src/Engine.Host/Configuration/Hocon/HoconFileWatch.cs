namespace Engine.Host.Configuration.Hocon;

/// <summary>
/// Tells when files are no longer what they were when read. Notifications of the file system only hasten a comparison of
/// contents, which also runs on its own every few seconds: mounts and replaced links often notify of nothing. A change counts
/// when the next comparison finds the same: a file that an editor is still writing, empty at first, is no configuration.
/// </summary>
/// <param name="files">The files as they were read.</param>
/// <param name="changed">Reads again, and returns the files as they were then. Never runs twice at once.</param>
/// <param name="time">Clock of the waits.</param>
internal sealed class HoconFileWatch(IReadOnlyCollection<HoconFile> files, Func<IReadOnlyCollection<HoconFile>> changed, TimeProvider time)
    : IDisposable
{
    /// <summary>How long nothing may happen before the files are compared, and between the two comparisons that must agree.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest that events which keep coming can put a comparison off.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Guards the fields below.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FileSystemWatcher> _folders = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private long? _waitingSince;
    private bool _isStopped;

    // Held while files are compared and read; guards the tracked files.
    private readonly Lock _reading = new();
    private IReadOnlyCollection<HoconFile> _files = files;
    private IReadOnlyList<HoconFile> _seen = [];

    /// <summary>Begins. A change since the files were read is found at once.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (!_isStopped && _timer is null)
            {
                _timer = time.CreateTimer(_ => Compare(), state: null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                WatchFolders_NeedsLock();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            _timer?.Dispose();
            foreach (var folder in _folders.Values)
            {
                folder.Dispose();
            }

            _folders.Clear();
        }
    }

    private void Touched()
    {
        lock (_gate)
        {
            _waitingSince ??= time.GetTimestamp();
            if (!_isStopped && time.GetElapsedTime(_waitingSince.Value) < Patience)
            {
                _timer!.Change(Quiet, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Compare()
    {
        if (!_reading.TryEnter())
        {
            Again(Quiet);
            return;
        }

        var wait = Interval;
        try
        {
            lock (_gate)
            {
                _waitingSince = null;
                if (_isStopped)
                {
                    return;
                }
            }

            IReadOnlyList<HoconFile> now = [.. _files.Select(file => file.Now())];
            if (now.SequenceEqual(_files))
            {
                _seen = [];
            }
            else if (now.SequenceEqual(_seen))
            {
                _files = changed();
                _seen = [];
            }
            else
            {
                _seen = now;
                wait = Quiet;
            }
        }
        finally
        {
            _reading.Exit();
            Again(wait);
        }
    }

    private void Again(TimeSpan wait)
    {
        lock (_gate)
        {
            if (!_isStopped)
            {
                WatchFolders_NeedsLock();
                _timer!.Change(_waitingSince is null ? wait : Quiet, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void WatchFolders_NeedsLock()
    {
        var wanted = _files.Select(file => Path.GetDirectoryName(file.FullPath)!).Where(Directory.Exists).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _folders.Keys.Where(folder => !wanted.Contains(folder)).ToList())
        {
            _folders.Remove(gone, out var watcher);
            watcher!.Dispose();
        }

        foreach (var folder in wanted.Where(folder => !_folders.ContainsKey(folder)))
        {
            if (Watch(folder) is { } watcher)
            {
                _folders.Add(folder, watcher);
            }
        }
    }

    // Null where the system has no more watches to give; the interval serves then.
    private FileSystemWatcher? Watch(string folder)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder);
            watcher.Changed += (_, _) => Touched();
            watcher.Created += (_, _) => Touched();
            watcher.Deleted += (_, _) => Touched();
            watcher.Renamed += (_, _) => Touched();
            watcher.Error += (_, _) => Touched();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception refused) when (refused is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            return null;
        }
    }
}
