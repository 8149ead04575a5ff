using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engine.Benchmarks.Pairs;

/// <summary>What everything is measured against: the least and the most usual way to look at the same JSON.</summary>
public static class Baselines
{
    /// <summary>A bare pass over all tokens: what cannot be saved by anyone who parses.</summary>
    public static int Tokens(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var tokens = 0;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    /// <summary>Objects in, objects out.</summary>
    public static int Nodes(ReadOnlySpan<byte> json) => JsonSerializer.SerializeToUtf8Bytes(JsonNode.Parse(json)).Length;
}
