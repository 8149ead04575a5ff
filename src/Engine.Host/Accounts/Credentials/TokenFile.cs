using System.Globalization;
using System.Text.Json;
using Engine.Actors.Accounts;
using Engine.Actors.Credentials;

namespace Engine.Host.Accounts.Credentials;

/// <summary>
/// The stored token pair of one account: <c>credentials/UPSTREAM/ACCOUNT.json</c> in the data folder, for its owner's eyes only
/// (0600 in 0700). Replaced as a whole: a temporary file is written, flushed and renamed, then the folder is flushed.
/// </summary>
internal sealed class TokenFile : ITokenStore
{
    private const long Longest = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _seed;
    private readonly Action<string> _notice;

    /// <summary>Names the file; touches nothing yet.</summary>
    /// <param name="dataFolder">The engine's data folder.</param>
    /// <param name="id">Whose tokens.</param>
    /// <param name="seed">Fingerprint of the config's refresh token. A pair that came of another one is not read.</param>
    /// <param name="notice">Called when the file is there and of no use.</param>
    public TokenFile(string dataFolder, AccountId id, string seed, Action<string> notice)
    {
        Path = System.IO.Path.Combine(dataFolder, "credentials", Named(id.Upstream), Named(id.Account) + ".json");
        _seed = seed;
        _notice = notice;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    public async ValueTask<TokenPair?> ReadAsync(CancellationToken cancellation)
    {
        var bytes = await BytesAsync(cancellation);
        if (bytes is null)
        {
            return null;
        }

        if (Read(bytes) is not var (pair, seed))
        {
            _notice($"the stored credential {Path} is damaged and is not used; the refresh-token of the config takes its place. "
                + "If the provider has replaced that one since, give the account a new one");
            return null;
        }

        return seed == _seed ? pair : null;
    }

    public ValueTask WriteAsync(TokenPair pair)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        CreateFolder(System.IO.Path.GetDirectoryName(folder)!);
        CreateFolder(folder);
        var temporary = Path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(Written(pair));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path, overwrite: true);
        FolderFlush.Flush(folder);
        return ValueTask.CompletedTask;
    }

    // A name may be ".." or begin like a hidden file.
    private static string Named(string name) => name[0] == '.' ? "%2E" + name[1..] : name;

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static (TokenPair Pair, string Seed)? Read(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var root = json.RootElement;
            var until = root.TryGetProperty("until", out var given) && given.ValueKind == JsonValueKind.String ? given.GetDateTimeOffset() : (DateTimeOffset?)null;
            var refresh = root.GetProperty("refreshToken").GetString();
            return string.IsNullOrEmpty(refresh)
                ? null
                : (new TokenPair(root.GetProperty("accessToken").GetString(), refresh, until, root.GetProperty("since").GetDateTimeOffset()), root.GetProperty("seed").GetString()!);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private async ValueTask<byte[]?> BytesAsync(CancellationToken cancellation)
    {
        try
        {
            // Something that large is no token pair; as an empty file it counts as damaged.
            return new FileInfo(Path) is { Exists: true, Length: > Longest } ? [] : await File.ReadAllBytesAsync(Path, cancellation);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new IOException($"The stored credential {Path} cannot be read: give it to the user the engine runs as.", fault);
        }
    }

    private byte[] Written(TokenPair pair)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("seed", _seed);
            json.WriteString("accessToken", pair.AccessToken);
            json.WriteString("refreshToken", pair.RefreshToken);
            json.WriteString("since", pair.Since.ToString("O", CultureInfo.InvariantCulture));
            if (pair.Until is { } until)
            {
                json.WriteString("until", until.ToString("O", CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
        }

        return text.ToArray();
    }
}
