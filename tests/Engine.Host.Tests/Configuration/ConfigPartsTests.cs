using Engine.Host.Configuration;

namespace Engine.Host.Tests.Configuration;

public sealed class ConfigPartsTests : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:8045", "http://127.0.0.1:8045", true)]
    [InlineData("HTTP://LocalHost:1/", "http://localhost:1", true)]
    [InlineData("https://[::1]", "https://[::1]:443", true)]
    [InlineData("http://0.0.0.0", "http://0.0.0.0:80", false)]
    [InlineData("http://*:0", "http://*:0", false)]
    [InlineData("http://+:5", "http://*:5", false)]
    [InlineData("http://[fe80::1]:65535", "http://[fe80::1]:65535", false)]
    public void A_listen_address_is_read(string text, string printed, bool isLoopback)
    {
        var address = ListenAddress.Parse(text)!;

        Assert.Equal((printed, isLoopback), (address.ToString(), address.IsLoopback));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:80")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://")]
    [InlineData("http://:80")]
    [InlineData("http://example.com")]
    [InlineData("http://127.0.0.1:65536")]
    [InlineData("http://127.0.0.1:-1")]
    [InlineData("http://127.0.0.1:")]
    [InlineData("http://127.0.0.1:80/path")]
    [InlineData("http://::1:80")]
    [InlineData("http://[127.0.0.1]:80")]
    [InlineData("http://1:80")]
    public void What_cannot_be_listened_on_is_no_address(string text) => Assert.Null(ListenAddress.Parse(text));

    [Theory]
    [InlineData("listen", "listne", 1)]
    [InlineData("listen", "listen", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("base-url", "baseurl", 1)]
    public void The_distance_of_words_is_the_edits_between_them(string a, string b, int edits)
    {
        Assert.Equal(edits, NearestWord.Distance(a, b));
        Assert.Equal(edits, NearestWord.Distance(b, a));
    }

    [Fact]
    public void The_nearest_word_is_found_whatever_its_case()
    {
        Assert.Equal("strategy", NearestWord.Of("Stratgey", ["retries", "strategy", "request-count"]));
        Assert.Null(NearestWord.Of("x", []));
        Assert.Equal("a", NearestWord.Of(new string('x', 10_000), ["a", "b"]));
    }

    [Fact]
    public void A_secret_prints_as_stars_and_compares_by_its_text()
    {
        var secret = new Secret("hunter2");

        Assert.Equal("***", $"{secret}");
        Assert.True(secret.Equals(new Secret("hunter2")) && secret.GetHashCode() == new Secret("hunter2").GetHashCode());
        Assert.False(secret.Equals(new Secret("hunter")));
        Assert.Equal("hunter2", secret.Reveal());
    }

    [Fact]
    public void The_default_path_is_looked_for_in_the_working_directory_and_then_beside_the_executable()
    {
        var (working, executable) = (Path.Combine(_folder.Path, "w"), Path.Combine(_folder.Path, "e"));

        Assert.Equal("config/engine.hocon", ConfigPath.Resolve(null, working, executable));
        var beside = _folder.Write("e/config/engine.hocon", "");
        Assert.Equal(beside, ConfigPath.Resolve(null, working, executable));
        _folder.Write("w/config/engine.hocon", "");
        Assert.Equal("config/engine.hocon", ConfigPath.Resolve(null, working, executable));
        Assert.Equal("given.hocon", ConfigPath.Resolve("given.hocon", working, executable));
    }

    [Fact]
    public void A_check_prints_one_line_per_fault_and_fails_for_faults_only()
    {
        var bad = _folder.Write("bad.hocon", "engine.routng {}\nengine.routing.retries = x");
        var noted = _folder.Write("noted.hocon", "engine.upstreams.a { dialect = gemini, base-url = \"http://h\", models = [m] }");

        var failed = ConfigCheck.Of(ConfigLoad.Load(bad, [], _ => null));
        var passed = ConfigCheck.Of(ConfigLoad.Load(noted, [], _ => null));

        Assert.Equal(1, failed.ExitCode);
        Assert.Equal(
            [
                $"{bad}:1:1: unknown key \"routng\" in engine; did you mean \"routing\"?",
                $"{bad}:2:26: engine.routing.retries must be a whole number from 0 to 100, not \"x\"",
            ],
            failed.Lines);
        Assert.Equal((0, 0), (passed.ExitCode, passed.Lines.Count));
        Assert.Equal([$"{noted}:1:20: the upstream a is inactive: it has no accounts"], passed.Notices);
    }
}
