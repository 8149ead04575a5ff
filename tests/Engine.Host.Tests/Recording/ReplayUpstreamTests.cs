using System.Text;
using System.Text.Json;
using Engine.Host.Recording;
using Engine.Testing;

namespace Engine.Host.Tests.Recording;

public class ReplayUpstreamTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: r1\r\nserver: old\r\ndate: old\r\ntransfer-encoding: chunked\r\n\r\n{}";

    [Fact]
    public async Task The_head_waits_as_long_as_the_recorded_one_did()
    {
        using var folder = new TempFolder();
        folder.PutChat("a", "null", Ok, """{"head_delay":200}""");
        var time = new ManualTimeProvider();
        Assert.True(ReplaySpeed.TryParse("2", out var speed));
        var asked = new ReplayUpstream(folder.Load(), speed, time).SendAsync(Chat("{}"), default).AsTask();
        // The body is read from disk first; the timer shows that only the delay is left.
        while (time.ActiveTimers == 0)
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await using var answer = await asked;
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Framing_and_age_of_the_recorded_response_are_not_replayed()
    {
        using var folder = new TempFolder();
        folder.PutChat("a", "null", Ok);
        await using var answer = await Upstream(folder).SendAsync(Chat("{}"), default);
        Assert.Equal([new("content-type", "application/json"), new("x-request-id", "r1")], answer.Headers);
        Assert.Equal(2, answer.Length);
        Assert.Equal("a", answer.FixtureName);
        Assert.Equal("{}", await ReadAsync(answer));
    }

    [Theory]
    [InlineData("POST", "/v1/chat/completions", """{"error":{"message":"No recording answers /v1/chat/completions for the model 'm'.","type":"invalid_request_error","param":null,"code":"model_not_found"}}""")]
    [InlineData("POST", "/v1/messages", """{"type":"error","error":{"type":"not_found_error","message":"No recording answers /v1/messages for the model 'm'."},"request_id":"req_replay"}""")]
    [InlineData("POST", "/v1beta/models/m:generateContent", """{"error":{"code":404,"message":"No recording answers /v1beta/models/m:generateContent for the model 'm'.","status":"NOT_FOUND"}}""")]
    [InlineData("POST", "/api/chat", """{"error":"No recording answers /api/chat for the model 'm' as a stream."}""")]
    public async Task Nothing_recorded_is_a_404_of_the_dialect(string method, string target, string expected)
    {
        using var folder = new TempFolder();
        var request = new ReplayRequest(method, target, [], Encoding.UTF8.GetBytes("""{"model":"m"}"""));
        await using var answer = await Upstream(folder).SendAsync(request, default);
        Assert.Equal(404, answer.Status);
        Assert.Equal(expected, await ReadAsync(answer));
    }

    [Fact]
    public async Task A_body_that_is_no_json_is_a_400_of_the_dialect()
    {
        using var folder = new TempFolder();
        folder.PutChat("a", "null", Ok);
        await using var answer = await Upstream(folder).SendAsync(Chat("{\"model\""), default);
        Assert.Equal(400, answer.Status);
        using var body = JsonDocument.Parse(await ReadAsync(answer));
        Assert.Equal("invalid_request_error", body.RootElement.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_recording_that_went_away_is_a_500_of_the_dialect()
    {
        using var folder = new TempFolder();
        var path = folder.PutChat("a", "null", Ok);
        var upstream = Upstream(folder);
        File.Delete(path + FixtureLibrary.ResponseSuffix);
        await using var answer = await upstream.SendAsync(Chat("{}"), default);
        Assert.Equal(500, answer.Status);
        Assert.Contains("server_error", await ReadAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Equal_recordings_take_turns()
    {
        using var folder = new TempFolder();
        folder.PutChat("a", "null", Ok);
        folder.PutChat("b", "null", Ok);
        var upstream = Upstream(folder);
        var names = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            await using var answer = await upstream.SendAsync(Chat("{}"), default);
            names.Add(answer.FixtureName);
        }

        Assert.Equal(["a", "b", "a", "b"], names);
    }

    private static ReplayUpstream Upstream(TempFolder folder) => new(folder.Load(), ReplaySpeed.Max, new ManualTimeProvider());

    private static ReplayRequest Chat(string body) => new("POST", "/v1/chat/completions", [], Encoding.UTF8.GetBytes(body));

    private static async Task<string> ReadAsync(ReplayResponse answer)
    {
        using var reader = new StreamReader(answer.Body);
        return await reader.ReadToEndAsync();
    }
}
