using Engine.Host.Server;
using Engine.Wire.OpenAiChat;

namespace Engine.Host.Tests.Server;

public sealed class RouteTableTests
{
    private static readonly RouteTable Table = new(
    [
        ("/v1/models", Of("list", "GET")),
        ("/v1/models/*", Of("one", "GET")),
        ("/v1/models/*", Of("generate", "POST")),
        ("/v1/*", Of("rest", "GET")),
        ("/v1/models/exact", Of("exact", "GET")),
    ]);

    [Theory]
    [InlineData("/v1/models", "list")]
    [InlineData("/v1/models/a/b:c", "one,generate")]
    [InlineData("/v1/models/exact", "exact")]
    [InlineData("/v1/other", "rest")]
    [InlineData("/V1/models", "")]
    [InlineData("/v1", "")]
    [InlineData("", "")]
    public void An_exact_path_wins_then_the_longest_prefix(string path, string surfaces) =>
        Assert.Equal(surfaces, string.Join(',', Table.Find(path).Select(route => route.Surface)));

    [Theory]
    [InlineData("GET", "GET", true)]
    [InlineData("GET", "HEAD", true)]
    [InlineData("POST", "HEAD", false)]
    [InlineData("POST", "GET", false)]
    [InlineData("POST", "POST", true)]
    public void Get_includes_head(string of, string asked, bool taken) => Assert.Equal(taken, Of("x", of).Takes(asked));

    private static Route Of(string surface, string method) => new(surface, method, static _ => OpenAiChatDialect.Instance, static _ => Task.CompletedTask);
}
