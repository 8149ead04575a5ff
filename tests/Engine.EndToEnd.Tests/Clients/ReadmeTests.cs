using System.Text;
using System.Text.RegularExpressions;
using Engine.Testing;

namespace Engine.EndToEnd.Tests.Clients;

public sealed partial class ReadmeTests(DefaultEngine started) : IClassFixture<DefaultEngine>
{
    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    [InlineData(":generateContent")]
    public async Task The_readmes_curl_lines_are_answered(string path)
    {
        var line = Curl().Matches((await File.ReadAllTextAsync(Repository.PathOf("README.md"))).Replace("\\\n", " ", StringComparison.Ordinal))
            .Single(match => match.Groups["url"].Value.EndsWith(path, StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(started.Engine.BaseAddress, new Uri(line.Groups["url"].Value).PathAndQuery));
        request.Content = new StringContent(line.Groups["body"].Value, Encoding.UTF8, "application/json");
        using var response = await started.Engine.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();

        Assert.True(response.IsSuccessStatusCode, $"{line.Value}: {body}");
        Assert.Equal(line.Groups["body"].Value.Contains("\"stream\":true", StringComparison.Ordinal), response.Content.Headers.ContentType?.MediaType == "text/event-stream");
    }

    [GeneratedRegex(@"curl[^\n]*?(?<url>http://127\.0\.0\.1:8045/\S+)[^\n]*-d '(?<body>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Curl();
}
