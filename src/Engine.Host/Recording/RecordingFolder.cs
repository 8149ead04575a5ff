using System.Globalization;

namespace Engine.Host.Recording;

/// <summary>
/// Names and writes recordings: <c>DIALECT/PROVIDER.s|u.TIME.N</c>, failures <c>errors/DIALECT.PROVIDER.STATUS.TIME.N</c>.
/// A recording exists once its response file does, and that file is moved into place last. For one writer.
/// </summary>
internal sealed class RecordingFolder(string folder, string provider, TimeProvider time)
{
    private readonly string _provider = SafeName(provider);
    private int _number;

    /// <returns>The name below the folder.</returns>
    /// <exception cref="IOException">The disk is full, the folder cannot be written …</exception>
    internal async Task<string> WriteAsync(CleanRecording recording)
    {
        var name = FreeName(recording);
        var path = Path.Combine(folder, name);
        CreateFolder(Path.GetDirectoryName(path)!);
        var requestPath = path + FixtureLibrary.RequestSuffix;
        await WriteTempAsync(requestPath, FixtureWriter.WriteRequest(recording.Request), default);
        await WriteTempAsync(path + FixtureLibrary.ResponseSuffix, FixtureWriter.WriteHead(recording.Head), recording.Body);
        File.Move(Temp(requestPath), requestPath);
        File.Move(Temp(path + FixtureLibrary.ResponseSuffix), path + FixtureLibrary.ResponseSuffix);
        return name;
    }

    internal static string FolderOf(FixtureDialect dialect) => dialect switch
    {
        FixtureDialect.OpenAiChat => "openai-chat",
        FixtureDialect.OpenAiCompletions => "openai-completions",
        FixtureDialect.OpenAiResponses => "openai-responses",
        FixtureDialect.Anthropic => "anthropic",
        FixtureDialect.Gemini => "gemini",
        FixtureDialect.CodeAssist => "gemini-code-assist",
        FixtureDialect.Ollama => "ollama",
        _ => "other",
    };

    private string FreeName(CleanRecording recording)
    {
        var dialect = FolderOf(recording.Endpoint.Dialect);
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        while (true)
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"{stamp}.{_number++}");
            var status = recording.Head.Status.ToString(CultureInfo.InvariantCulture);
            var form = Fixture.FormOf(recording.Endpoint, recording.Head) == AnswerForm.Whole ? "u" : "s";
            var name = recording.Head.Status >= 400
                ? $"errors/{dialect}.{_provider}.{status}.{number}"
                : $"{dialect}/{_provider}.{form}.{number}";
            var path = Path.Combine(folder, name);
            if (!File.Exists(path + FixtureLibrary.RequestSuffix) && !File.Exists(path + FixtureLibrary.ResponseSuffix))
            {
                return name;
            }
        }
    }

    private static string Temp(string path) => path + ".tmp";

    private static string SafeName(string name)
    {
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
        return safe.Length == 0 ? "upstream" : safe;
    }

    // A recording holds what people said to a model: nobody else's business on a shared machine.
    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task WriteTempAsync(string path, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(Temp(path), options);
        await file.WriteAsync(first);
        await file.WriteAsync(second);
    }
}
