using Engine.Host.Server;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Tests.Server;

public sealed class RequestIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("req_0.9-Z")]
    public void A_harmless_id_is_kept(string given) => Assert.Equal(given, RequestId.For(With(given)));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a\u00e9")]
    [InlineData("a,b")]
    public void Any_other_is_replaced(string given) => Assert.Matches("^req_[0-9a-f]{24}$", RequestId.For(With(given)));

    [Fact]
    public void One_of_128_characters_is_kept_and_a_longer_one_is_not()
    {
        Assert.Equal(new string('a', 128), RequestId.For(With(new string('a', 128))));
        Assert.NotEqual(new string('a', 129), RequestId.For(With(new string('a', 129))));
    }

    [Fact]
    public void New_ids_differ() => Assert.NotEqual(RequestId.For(With("")), RequestId.For(With("")));

    private static HttpRequest With(string id)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["x-request-id"] = id;
        return request;
    }
}
