using System.Text;
using System.Text.Unicode;

namespace Engine.Host.Configuration.Hocon;

/// <summary>Reads and parses a file and the files it includes, and remembers every file asked for, missing ones too.</summary>
internal sealed class HoconFileReader(List<ConfigFault> faults)
{
    private static readonly string[] Extensions = [".json", ".conf", ".hocon"];

    private readonly Dictionary<string, HoconFile> _files = new(StringComparer.Ordinal);

    // The files being read, each including the next.
    private readonly Stack<string> _open = new();

    public IReadOnlyCollection<HoconFile> Files => _files.Values;

    /// <summary>The root node of a file; null, with a fault, when it is missing or unreadable.</summary>
    /// <param name="path">As messages shall show it; relative to the working directory.</param>
    public HoconNode? Read(string path)
    {
        var origin = new HoconOrigin(path, 1, 1);
        var read = TryRead(path, origin, HoconScope.Whole, out var node);
        if (read && node is null)
        {
            faults.Add(ConfigFault.At(origin, "there is no such file"));
        }

        return node;
    }

    /// <summary>The object of an included file, relative to the including one; null when there is none.</summary>
    public ObjectNode? Include(HoconInclude include)
    {
        var path = Path.Combine(Path.GetDirectoryName(include.Origin.File) ?? "", include.Name);
        ObjectNode? merged = null;
        foreach (var candidate in Candidates(path))
        {
            if (!TryRead(candidate, include.Origin, include.Scope, out var node))
            {
                return merged;
            }

            if (node is ObjectNode found)
            {
                merged ??= new ObjectNode(found.Origin);
                merged.Append(found);
            }
            else if (node is not null)
            {
                faults.Add(ConfigFault.At(include.Origin, $"{candidate} holds a list; an included file must hold an object"));
                return merged;
            }
        }

        if (merged is null && include.IsRequired)
        {
            faults.Add(ConfigFault.At(include.Origin, $"the required file {path} does not exist"));
        }

        return merged;
    }

    // A name without extension means every format there is, the later overriding the earlier.
    private static IEnumerable<string> Candidates(string path) =>
        Path.HasExtension(path) || File.Exists(path) ? [path] : Extensions.Select(extension => path + extension);

    // False after a fault; true with null when there is no such file.
    private bool TryRead(string path, HoconOrigin asked, HoconScope scope, out HoconNode? node)
    {
        node = null;
        var fullPath = Path.GetFullPath(path);
        if (_open.Contains(fullPath, StringComparer.Ordinal))
        {
            return Fail(asked, $"{path} includes itself");
        }

        if (_open.Count > HoconLimits.IncludeDepth || (_files.Count >= HoconLimits.Files && !_files.ContainsKey(fullPath)))
        {
            return Fail(
                asked, $"more than {HoconLimits.IncludeDepth} files include each other, or more than {HoconLimits.Files} are included");
        }

        byte[]? content;
        try
        {
            (var file, content) = HoconFile.Read(fullPath);
            _files[fullPath] = file;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            _files[fullPath] = new HoconFile(fullPath, "");
            return Fail(asked, $"{path} cannot be read: {unreadable.Message}");
        }

        if (content is null)
        {
            return true;
        }

        if (!TryDecode(content, path, out var text))
        {
            return false;
        }

        _open.Push(fullPath);
        var before = faults.Count;
        node = HoconParser.Parse(HoconLexer.Tokenise(text, path), scope, faults, Include);
        _open.Pop();
        return faults.Count == before;
    }

    private bool TryDecode(byte[] content, string path, out string text)
    {
        text = "";
        if (content.Length > HoconLimits.FileBytes)
        {
            return Fail(new HoconOrigin(path, 1, 1), $"the file is larger than {HoconLimits.FileBytes / (1024 * 1024)} MiB");
        }

        if (Utf8.IsValid(content))
        {
            text = Encoding.UTF8.GetString(content);
            return true;
        }

        var at = 0;
        while (Rune.DecodeFromUtf8(content.AsSpan(at), out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        var line = content.AsSpan(0, at).Count((byte)'\n') + 1;
        var lineStart = content.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(content, lineStart, at - lineStart) + 1;
        return Fail(new HoconOrigin(path, line, column), "the file is not valid UTF-8 here");
    }

    private bool Fail(HoconOrigin origin, string message)
    {
        faults.Add(ConfigFault.At(origin, message));
        return false;
    }
}
