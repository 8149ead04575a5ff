using Engine.Host.Access;
using Engine.Host.Configuration;
using Engine.Wire.Completion;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Tests.Access;

public sealed class AccessGateTests
{
    private static readonly AccessGate Gate = new(keysRequired: true, [new Secret("first"), new Secret("second")]);

    [Theory]
    [InlineData("authorization", "Bearer first")]
    [InlineData("authorization", "bearer second")]
    [InlineData("x-api-key", "second")]
    [InlineData("api-key", "first")]
    [InlineData("x-goog-api-key", "first")]
    public void A_known_key_passes_in_any_header(string header, string value) => Assert.Null(Gate.Check(With(header, value)));

    [Theory]
    [InlineData("authorization", "Bearer third")]
    [InlineData("authorization", "first")]
    [InlineData("authorization", "Basic first")]
    [InlineData("x-api-key", "First")]
    [InlineData("x-api-key", "")]
    [InlineData("x-unknown", "first")]
    public void Anything_else_is_refused_without_repeating_it(string header, string value)
    {
        var refusal = Gate.Check(With(header, value));

        Assert.Equal(ErrorKind.ClientAuthentication, refusal?.Kind);
        Assert.DoesNotContain("third", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_key_passes_in_the_query()
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString("?alt=sse&key=second");

        Assert.Null(Gate.Check(request));
    }

    [Fact]
    public void Without_required_keys_everybody_passes() =>
        Assert.Null(new AccessGate(keysRequired: false, [new Secret("first")]).Check(new DefaultHttpContext().Request));

    [Fact]
    public void Required_keys_without_any_key_let_nobody_pass() =>
        Assert.NotNull(new AccessGate(keysRequired: true, []).Check(With("x-api-key", "")));

    private static HttpRequest With(string header, string value)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[header] = value;
        return request;
    }
}
