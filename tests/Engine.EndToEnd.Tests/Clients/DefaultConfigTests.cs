using System.Text;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Clients;

/// <summary>The engine as a newcomer starts it: the default config, no key in the environment.</summary>
public sealed class DefaultConfigTests(DefaultEngine started) : IClassFixture<DefaultEngine>
{
    /// <summary>Requests of our own recordings. Counts are left out: they are read and written, not passed on.</summary>
    public static IEnumerable<TheoryDataRow<string>> Recordings() =>
        from dialect in ClientDialects.Names
        from file in Directory.EnumerateFiles(Repository.PathOf("fixtures", dialect), "*.request.json")
        where !file.Contains(".models.", StringComparison.Ordinal) && !file.Contains(".count-tokens.", StringComparison.Ordinal)
        orderby file
        select new TheoryDataRow<string>(Path.GetRelativePath(Repository.PathOf("fixtures"), file));

    public static IEnumerable<TheoryDataRow<string, string, bool>> Models() =>
        from client in ClientDialects.Names
        from model in (string[])["demo", "demo-thinking", "demo-tools", "demo-image"]
        from stream in (bool[])[false, true]
        select new TheoryDataRow<string, string, bool>(client, model, stream);

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Every_demo_model_answers_a_plain_question_in_every_dialect(string client, string model, bool stream)
    {
        using var request = ClientDialects.Ask(client, model, stream);
        using var response = await started.Engine.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();

        Assert.True(response.IsSuccessStatusCode, body);
        Assert.Equal("replay", ClientDialects.Header(response, "x-engine-upstream"));
        Assert.Equal(stream ? "text/event-stream" : "application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(stream ? AssertFinished(client, body) : body);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task The_recorded_request_gets_the_recorded_answer_byte_for_byte(string file)
    {
        var recorded = ClientDialects.Parse(await File.ReadAllTextAsync(Repository.PathOf("fixtures", file)));
        using var request = new HttpRequestMessage(HttpMethod.Post, recorded.GetProperty("path").GetString());
        request.Content = new StringContent(recorded.GetProperty("body").GetRawText(), Encoding.UTF8, "application/json");
        using var response = await started.Engine.Http.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(
            BodyOf(await File.ReadAllBytesAsync(Repository.PathOf("fixtures", file.Replace(".request.json", ".response.http", StringComparison.Ordinal)))),
            await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/v1/models", null, "data", "demo-thinking")]
    [InlineData("/v1/models", "anthropic-version: 2023-06-01", "data", "demo-thinking")]
    [InlineData("/v1beta/models", null, "models", "models/demo-thinking")]
    public async Task The_models_are_listed(string path, string? header, string list, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header?.Split(": ") is [var key, var value])
        {
            request.Headers.Add(key, value);
        }

        using var response = await started.Engine.Http.SendAsync(request);
        var models = ClientDialects.Parse(await response.Content.ReadAsStringAsync()).GetProperty(list).EnumerateArray()
            .Select(model => model.GetProperty(list == "models" ? "name" : "id").GetString());

        Assert.Contains(name, models);
    }

    private static string AssertFinished(string client, string stream)
    {
        var seen = StreamSeen.Of(client, stream);
        Assert.Empty(seen.Errors);
        Assert.True(seen.Finished);
        return seen.Text;
    }

    // What follows the first empty line.
    private static byte[] BodyOf(byte[] response)
    {
        var (crlf, lf) = (response.AsSpan().IndexOf("\r\n\r\n"u8), response.AsSpan().IndexOf("\n\n"u8));
        return crlf >= 0 && (lf < 0 || crlf < lf) ? response[(crlf + 4)..] : response[(lf + 2)..];
    }
}
