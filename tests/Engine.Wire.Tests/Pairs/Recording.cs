using System.Text;
using System.Text.Json;
using Engine.Testing;

namespace Engine.Wire.Tests.Pairs;

/// <summary>One recorded exchange of <c>shared/fixtures</c>.</summary>
internal sealed record Recording(string Name, string Dialect, string Endpoint, int Status, bool Stream)
{
    /// <summary>False for model lists, embeddings and other exchanges without a conversation.</summary>
    public bool IsConversation => Endpoint is "chat/completions" or "messages" or "generateContent" or "streamGenerateContent";

    /// <summary>All recordings below a folder whose dialect is one of ours.</summary>
    public static IReadOnlyList<Recording> In(params string[] folders)
    {
        Assert.SkipWhen(SharedFixtures.Folder is null, SharedFixtures.Absent);
        var lines = File.ReadAllLines(Path.Combine(SharedFixtures.Folder, "MANIFEST.csv")).Skip(1);
        return
        [
            .. from line in lines
               let cells = line.Split(',')
               where folders.Contains(cells[0].Split('/')[0], StringComparer.Ordinal)
               let dialect = DialectOf(cells[1], cells[3])
               where dialect.Length > 0
               select new Recording(cells[0], dialect, cells[3], int.Parse(cells[4]), cells[5] == "stream"),
        ];
    }

    /// <summary>The body of the answer, as received.</summary>
    public byte[] Answer()
    {
        var bytes = File.ReadAllBytes(PathOf(Name));
        return bytes[(bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];
    }

    /// <summary>The body and the path of the request; no body when none was recorded.</summary>
    public (byte[] Body, string Path) Request()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(Name.Replace(".response.http", ".request.json", StringComparison.Ordinal))));
        var body = document.RootElement.GetProperty("body");
        return (body.ValueKind == JsonValueKind.Object ? Encoding.UTF8.GetBytes(body.GetRawText()) : [], document.RootElement.GetProperty("path").GetString()!);
    }

    private static string PathOf(string name) => Path.Combine(SharedFixtures.Folder!, name);

    // Compatible servers speak OpenAI Chat, and so does Anthropic on one of its paths.
    private static string DialectOf(string dialect, string endpoint) => dialect switch
    {
        "openai-compatible" => Dialects.OpenAiChat,
        Dialects.Anthropic when endpoint == "chat/completions" => Dialects.OpenAiChat,
        Dialects.OpenAiChat when endpoint == "messages" => "",
        _ when Dialects.Names.Contains(dialect, StringComparer.Ordinal) => dialect,
        _ => "",
    };
}
