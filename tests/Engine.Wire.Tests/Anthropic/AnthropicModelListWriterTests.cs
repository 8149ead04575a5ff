using System.Buffers;
using System.Text;
using Engine.Wire.Anthropic;
using Engine.Wire.Dialects;

namespace Engine.Wire.Tests.Anthropic;

public class AnthropicModelListWriterTests
{
    [Fact]
    public void A_list_is_one_page_with_its_first_and_last_id() => Assert.Equal(
        """{"data":[{"type":"model","id":"a","display_name":"a","created_at":"2023-11-14T22:13:20Z"},{"type":"model","id":"b","display_name":"b","created_at":"1970-01-01T00:00:00Z"}],"has_more":false,"first_id":"a","last_id":"b"}""",
        Written(output => AnthropicDialect.Instance.WriteModelList([new ModelEntry("a", "x", 1_700_000_000), new ModelEntry("b", "x", 0)], output)));

    [Fact]
    public void An_empty_list_has_no_ids() => Assert.Equal(
        """{"data":[],"has_more":false,"first_id":null,"last_id":null}""", Written(output => AnthropicDialect.Instance.WriteModelList([], output)));

    [Fact]
    public void One_model_stands_alone() => Assert.Equal(
        """{"type":"model","id":"a","display_name":"a","created_at":"1970-01-01T00:00:00Z"}""",
        Written(output => AnthropicDialect.Instance.WriteModel(new ModelEntry("a", "x", 0), output)));

    [Fact]
    public void A_token_count_is_written_and_read()
    {
        Assert.Equal("""{"input_tokens":42}""", Written(output => AnthropicDialect.Instance.WriteTokenCount(42, output)));
        Assert.Equal(42, AnthropicDialect.Instance.ReadTokenCount("{\"x\":[],\"input_tokens\":42}"u8));
        Assert.Null(AnthropicDialect.Instance.ReadTokenCount("{\"input_tokens\":null}"u8));
        Assert.Null(AnthropicDialect.Instance.ReadTokenCount("<html>"u8));
        Assert.Null(AnthropicDialect.Instance.ReadTokenCount([]));
    }

    [Fact]
    public void Instants_are_those_of_the_calendar()
    {
        for (var seconds = -2_000_000_000L; seconds < 30_000_000_000; seconds += 12_345_678)
        {
            Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), AnthropicTimestamps.Format(seconds));
        }

        Assert.Equal("2024-02-29T23:59:59Z", AnthropicTimestamps.Format(1_709_251_199));
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
