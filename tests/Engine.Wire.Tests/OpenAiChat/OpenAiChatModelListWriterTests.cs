using System.Text;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatModelListWriterTests
{
    [Fact]
    public void Models_are_listed_in_OpenAIs_shape()
    {
        using var output = new PooledBytes();
        OpenAiChatDialect.Instance.WriteModelList([new ModelEntry("a\"b", "up", 1_700_000_000), new ModelEntry("c", "up", 2)], output);

        Assert.Equal(
            """{"object":"list","data":[{"id":"a\"b","object":"model","created":1700000000,"owned_by":"up"},{"id":"c","object":"model","created":2,"owned_by":"up"}]}""",
            Encoding.UTF8.GetString(output.Span));
    }

    [Fact]
    public void One_model_is_shown_alone()
    {
        using var output = new PooledBytes();
        OpenAiChatDialect.Instance.WriteModel(new ModelEntry("c", "up", 2), output);

        Assert.Equal("""{"id":"c","object":"model","created":2,"owned_by":"up"}""", Encoding.UTF8.GetString(output.Span));
    }
}
