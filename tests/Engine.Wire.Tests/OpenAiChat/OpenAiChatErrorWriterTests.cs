using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Json;
using Engine.Wire.OpenAiChat;

namespace Engine.Wire.Tests.OpenAiChat;

public class OpenAiChatErrorWriterTests
{
    private static readonly Dictionary<string, int[]> Legal = new(StringComparer.Ordinal)
    {
        ["authentication_error"] = [401],
        ["permission_error"] = [403],
        ["invalid_request_error"] = [400, 404, 405, 413, 415, 422],
        ["rate_limit_error"] = [429],
        ["server_error"] = [500, 502, 503, 504],
    };

    public static TheoryData<ErrorKind> Kinds => [.. Enum.GetValues<ErrorKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_legal_status_and_type(ErrorKind kind)
    {
        using var output = new PooledBytes();
        var status = OpenAiChatDialect.Instance.WriteError(new UpstreamError(kind, "It \"failed\".") { Code = "INTERNAL_NAME", Param = "n" }, "req_1", output);

        using var json = JsonDocument.Parse(output.Memory);
        var error = json.RootElement.GetProperty("error");
        Assert.Contains(status, Legal[error.GetProperty("type").GetString()!]);
        Assert.Equal("It \"failed\".", error.GetProperty("message").GetString());
        Assert.Equal("n", error.GetProperty("param").GetString());
        Assert.NotEqual("INTERNAL_NAME", error.GetProperty("code").GetString());
    }

    [Fact]
    public void Pitfall_107_A_context_overflow_keeps_the_code_that_agents_look_for() =>
        Assert.Equal((400, "invalid_request_error", "context_length_exceeded"), OpenAiChatErrorWriter.Describe(ErrorKind.ContextOverflow));

    [Fact]
    public void Pitfall_118_A_refused_credential_of_ours_is_not_the_clients() =>
        Assert.Equal((502, "server_error", "upstream_auth"), OpenAiChatErrorWriter.Describe(ErrorKind.UpstreamCredential));

    [Fact]
    public void Pitfall_013_What_is_written_is_read_as_the_same_kind()
    {
        foreach (var kind in (ErrorKind[])[ErrorKind.Invalid, ErrorKind.UnsupportedParameter, ErrorKind.ContextOverflow, ErrorKind.BodyTooLarge, ErrorKind.Permission, ErrorKind.UnknownModel,
            ErrorKind.RateLimit, ErrorKind.Quota, ErrorKind.Overloaded, ErrorKind.Timeout, ErrorKind.UpstreamFault, ErrorKind.Policy])
        {
            using var output = new PooledBytes();
            var status = OpenAiChatErrorWriter.Write(new UpstreamError(kind, "m"), output);

            Assert.Equal(kind, OpenAiChatErrorReader.Read(status, output.Span).Kind);
        }
    }
}
