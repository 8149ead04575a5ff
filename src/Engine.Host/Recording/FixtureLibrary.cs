using System.Collections.Frozen;
using System.Globalization;

namespace Engine.Host.Recording;

/// <summary>
/// The recordings below one folder, indexed once; bodies are read when they are asked for. A broken file becomes a
/// <see cref="FixtureFault"/> and is left out: no file can stop the start-up.
/// </summary>
internal sealed class FixtureLibrary
{
    internal const string RequestSuffix = ".request.json";
    internal const string ResponseSuffix = ".response.http";
    internal const int MaxFixtures = 20_000;

    /// <summary>Larger files are refused: a recording is an exchange, not an archive.</summary>
    internal const long MaxFile = 64 * 1024 * 1024;

    /// <summary>Bodies kept in memory, in bytes.</summary>
    internal const long DefaultCache = 32 * 1024 * 1024;

    private readonly FrozenDictionary<(FixtureDialect, FixtureOperation), Fixture[]> _buckets;
    private readonly FixtureBodyCache _bodies;
    private readonly string _folder;

    private FixtureLibrary(string folder, List<Fixture> fixtures, List<FixtureFault> faults, long cache)
    {
        _folder = folder;
        _bodies = new FixtureBodyCache(cache);
        Fixtures = fixtures;
        Faults = faults;
        _buckets = fixtures.GroupBy(f => (f.Endpoint.Dialect, f.Endpoint.Operation)).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }

    /// <summary>All usable recordings, in the ordinal order of their names.</summary>
    internal IReadOnlyList<Fixture> Fixtures { get; }

    /// <summary>What was left out and why, in the order of the file names.</summary>
    internal IReadOnlyList<FixtureFault> Faults { get; }

    internal static FixtureLibrary Load(string folder, long cache = DefaultCache)
    {
        var fixtures = new List<Fixture>();
        var faults = new List<FixtureFault>();
        foreach (var path in Find(folder, faults))
        {
            var file = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (fixtures.Count == MaxFixtures)
            {
                faults.Add(new FixtureFault(file, string.Create(
                    CultureInfo.InvariantCulture, $"more than {MaxFixtures} recordings: this and the following are left out")));
                break;
            }

            try
            {
                if (TryIndex(file[..^ResponseSuffix.Length], path, out var fixture, out var problem))
                {
                    fixtures.Add(fixture);
                }
                else
                {
                    faults.Add(new FixtureFault(file, problem));
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                faults.Add(new FixtureFault(file, "cannot be read: " + fault.GetType().Name));
            }
        }

        return new FixtureLibrary(folder, fixtures, faults, cache);
    }

    /// <summary>The recordings of one dialect and operation, in the order of their names.</summary>
    internal IReadOnlyList<Fixture> Candidates(FixtureDialect dialect, FixtureOperation operation) =>
        _buckets.TryGetValue((dialect, operation), out var found) ? found : [];

    /// <summary>
    /// The body of a recording, shared: nobody may write to it. Null when the file has gone, or is no longer the one that was
    /// indexed.
    /// </summary>
    internal async ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(Fixture fixture, CancellationToken cancellation)
    {
        if (_bodies.TryGet(fixture.Name, out var cached))
        {
            return cached;
        }

        try
        {
            var path = Path.Combine(_folder, fixture.Name + ResponseSuffix);
            if (new FileInfo(path).Length > MaxFile)
            {
                return null;
            }

            var bytes = await File.ReadAllBytesAsync(path, cancellation);
            if (!FixtureReader.TryReadHead(bytes, out _, out var start, out _)
                || FixtureReader.Contradiction(fixture.Meta, bytes.Length - start) is not null)
            {
                return null;
            }

            var body = bytes.AsMemory(start);
            _bodies.Add(fixture.Name, body);
            return body;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<string> Find(string folder, List<FixtureFault> faults)
    {
        var found = new List<string>();
        try
        {
            var options = new EnumerationOptions
            {
                RecurseSubdirectories = true,
                IgnoreInaccessible = true,
                MaxRecursionDepth = 16,
                // A link may lead anywhere, also round in a circle.
                AttributesToSkip = FileAttributes.ReparsePoint,
            };
            found.AddRange(Directory.EnumerateFiles(folder, "*" + ResponseSuffix, options));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add(new FixtureFault(folder, fault is DirectoryNotFoundException ? "no such folder" : "cannot be listed"));
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static bool TryIndex(string name, string path, out Fixture fixture, out string problem)
    {
        fixture = null!;
        var requestPath = path[..^ResponseSuffix.Length] + RequestSuffix;
        if (!File.Exists(requestPath))
        {
            problem = "its " + RequestSuffix + " is missing";
            return false;
        }

        using var file = File.OpenRead(path);
        if (file.Length > MaxFile || new FileInfo(requestPath).Length > MaxFile)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"larger than {MaxFile} bytes");
            return false;
        }

        var start = new byte[(int)Math.Min(file.Length, FixtureReader.MaxHead)];
        file.ReadExactly(start);
        if (!FixtureReader.TryReadHead(start, out var head, out var headLength, out problem)
            || !FixtureReader.TryReadRequest(File.ReadAllBytes(requestPath), out var request, out problem))
        {
            return false;
        }

        if (FixtureReader.Contradiction(request.Meta, file.Length - headLength) is { } contradiction)
        {
            problem = contradiction;
            return false;
        }

        var endpoint = FixtureEndpoint.Classify(request.Method, request.Target, request.Headers, request.Host + "/" + name);
        // A recorded request may be plain text; then only its path describes it.
        _ = RequestFactsReader.TryRead(request.Body, out var facts);
        fixture = new Fixture
        {
            Name = name,
            Endpoint = endpoint,
            Facts = facts,
            Meta = request.Meta,
            Head = head,
            Form = Fixture.FormOf(endpoint, head),
        };
        return true;
    }
}
