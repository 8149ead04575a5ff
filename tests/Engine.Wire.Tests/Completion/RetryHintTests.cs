using System.Text;
using System.Text.Json;
using Engine.Wire.Anthropic;
using Engine.Wire.Completion;
using Engine.Wire.Dialects;
using Engine.Wire.Gemini;
using Engine.Wire.OpenAiChat;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Completion;

public class RetryHintTests
{
    private static readonly IUpstreamDialect[] Dialects = [OpenAiChatDialect.Instance, AnthropicDialect.Instance, GeminiDialect.Instance];

    [Theory]
    [InlineData("Please try again in 28ms.", 0.028)]
    [InlineData("Please try again in 1.3s. Visit us.", 1.3)]
    [InlineData("Please retry in 34.07s.", 34.07)]
    [InlineData("Your quota will reset after 1h2m3s.", 3723)]
    [InlineData("Limit resets in 2 hours and 5 minutes", 7500)]
    [InlineData("Please try again after 3 days, 1 hour", 262_800)]
    [InlineData("retry after 250 milliseconds", 0.25)]
    [InlineData("Retry After 12", 12)]
    [InlineData("retry in 5 seconds 429 Too Many Requests", 5)]
    public void Prose_names_a_wait_in_every_dialect(string words, double seconds) => Assert.All(Dialects, dialect =>
        Assert.Equal(seconds, dialect.ReadError(429, Error($"\"message\":{JsonSerializer.Serialize(words)}")).RetryAfter!.Value.TotalSeconds, 6));

    [Theory]
    [InlineData("Please try again later.")]
    [InlineData("try again in a minute")]
    [InlineData("retry in 99999999999999999s")]
    public void Other_prose_names_none(string words) => Assert.All(Dialects, dialect =>
        Assert.Null(dialect.ReadError(429, Error($"\"message\":{JsonSerializer.Serialize(words)}")).RetryAfter));

    [Theory]
    [InlineData("\"resets_in_seconds\":90", 90.0, null)]
    [InlineData("\"retry_after\":\"1.5\"", 1.5, null)]
    [InlineData("\"resets_at\":1790000000", null, 1_790_000_000L)]
    [InlineData("\"resets_at\":1790000000.2", null, 1_790_000_001L)]
    [InlineData("\"resets_at\":1790000000000", null, 1_790_000_000L)]
    [InlineData("\"resets_at\":\"2026-11-21T10:00:00Z\",\"resets_in_seconds\":3", 3.0, 1_795_255_200L)]
    [InlineData("\"resets_at\":null,\"resets_in_seconds\":{}", null, null)]
    [InlineData("\"resets_at\":-5,\"resets_in_seconds\":-1", null, null)]
    [InlineData("\"resets_at\":\"soon\"", null, null)]
    public void Codex_and_OpenAI_fields_are_read(string fields, double? seconds, long? at)
    {
        var error = OpenAiChatErrorReader.Read(429, Error($"\"type\":\"usage_limit_reached\",\"message\":\"m\",{fields}"));

        Assert.Equal((ErrorKind.Quota, seconds, at), (error.Kind, error.RetryAfter?.TotalSeconds, error.ResetsAtUnixSeconds));
    }

    [Theory]
    [InlineData("\"quotaResetTimeStamp\":\"2026-11-21T10:00:00Z\"", null, 1_795_255_200L)]
    [InlineData("\"quotaResetTimeStamp\":\"2026-11-21T11:00:00.25+01:00\",\"quotaResetDelay\":\"2h13m5.5s\"", 7985.5, 1_795_255_201L)]
    [InlineData("\"quotaResetTimeStamp\":\"tomorrow\"", null, null)]
    public void Google_metadata_is_read(string metadata, double? seconds, long? at)
    {
        var body = Error($"\"code\":429,\"message\":\"m\",\"details\":[{{\"reason\":\"QUOTA_EXHAUSTED\",\"metadata\":{{{metadata}}}}}]");
        var error = GeminiDialect.Instance.ReadError(429, body);

        Assert.Equal((ErrorKind.Quota, seconds, at), (error.Kind, error.RetryAfter?.TotalSeconds, error.ResetsAtUnixSeconds));
    }

    [Fact]
    public void Every_instant_reads_back_as_it_was_written() => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).Select(static half => half * 2L).ToArbitrary(), Gen.Choose(-1439, 1439).ToArbitrary(), static (seconds, offset) =>
        {
            var instant = DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromMinutes(offset / 2));
            return instant.Year < 1970 || Rfc3339.ToUnixSeconds(instant.ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture)) == seconds;
        })
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-21T10:00:00")]
    [InlineData("2026-11-21 10:00")]
    [InlineData("2026-13-21T10:00:00Z")]
    [InlineData("2026-11-21T10:00:00+1:00")]
    [InlineData("2026-11-21T10:00:00Zulu")]
    [InlineData("+026-11-21T10:00:00Z")]
    public void What_is_no_instant_names_none(string text) => Assert.Null(Rfc3339.ToUnixSeconds(text));

    private static byte[] Error(string fields) => Encoding.UTF8.GetBytes($"{{\"error\":{{{fields}}}}}");
}
