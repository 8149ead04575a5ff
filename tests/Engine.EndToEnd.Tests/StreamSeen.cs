using System.Text;
using System.Text.Json;

namespace Engine.EndToEnd.Tests;

/// <summary>What a client of a dialect makes of a stream of events.</summary>
/// <param name="Text">The text, joined.</param>
/// <param name="Finished">True when the dialect's reason to stop or its terminator was there.</param>
/// <param name="Errors">Words of the in-stream errors.</param>
/// <param name="Heartbeats">Keep-alives.</param>
internal sealed record StreamSeen(string Text, bool Finished, IReadOnlyList<string> Errors, int Heartbeats)
{
    /// <summary>Reads a whole stream; every data line must be JSON or OpenAI's terminator.</summary>
    public static StreamSeen Of(string client, string stream)
    {
        var text = new StringBuilder();
        var errors = new List<string>();
        var (finished, heartbeats, name) = (false, 0, "");
        foreach (var line in stream.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith(':'))
            {
                heartbeats++;
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line == "data: [DONE]")
            {
                Assert.Equal("openai-chat", client);
                finished = true;
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                var data = ClientDialects.Parse(line["data: ".Length..]);
                if (data.TryGetProperty("error", out _))
                {
                    Assert.Equal(client == "anthropic" ? "error" : "", name);
                    errors.Add(ClientDialects.ErrorWord(client, data));
                }
                else
                {
                    text.Append(TextOf(client, data));
                    finished |= Finishes(client, data);
                    heartbeats += client == "anthropic" && data.GetProperty("type").GetString() == "ping" ? 1 : 0;
                }

                name = "";
            }
        }

        return new StreamSeen(text.ToString(), finished, errors, heartbeats);
    }

    /// <summary>A stream that is whole.</summary>
    public static void AssertWhole(string client, string text, string stream)
    {
        var seen = Of(client, stream);
        Assert.Empty(seen.Errors);
        Assert.True(seen.Finished, "the stream has no end: " + stream);
        Assert.Equal(text, seen.Text);
    }

    /// <summary>A stream that failed: one error of the dialect and nothing that looks like an end.</summary>
    public static void AssertBroken(string client, string? word, string stream)
    {
        var seen = Of(client, stream);
        var error = Assert.Single(seen.Errors);
        Assert.False(seen.Finished, "a failed stream pretends to have stopped: " + stream);
        if (word is not null)
        {
            Assert.Equal(word, error);
        }
    }

    private static string TextOf(string client, JsonElement data) => client switch
    {
        "openai-chat" => string.Concat(data.GetProperty("choices").EnumerateArray()
            .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "")),
        "anthropic" => data.GetProperty("type").GetString() == "content_block_delta" && data.GetProperty("delta").TryGetProperty("text", out var delta)
            ? delta.GetString()!
            : "",
        _ => string.Concat(Candidates(data).Where(static candidate => candidate.TryGetProperty("content", out var content) && content.TryGetProperty("parts", out _))
            .SelectMany(static candidate => candidate.GetProperty("content").GetProperty("parts").EnumerateArray())
            .Select(static part => part.TryGetProperty("text", out var piece) ? piece.GetString() : "")),
    };

    private static bool Finishes(string client, JsonElement data) => client switch
    {
        "openai-chat" => data.GetProperty("choices").EnumerateArray()
            .Any(static choice => choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String),
        "anthropic" => data.GetProperty("type").GetString() is "message_stop" or "message_delta",
        _ => Candidates(data).Any(static candidate => candidate.TryGetProperty("finishReason", out _)),
    };

    private static JsonElement.ArrayEnumerator Candidates(JsonElement data) =>
        data.TryGetProperty("candidates", out var candidates) ? candidates.EnumerateArray() : default;
}
