namespace Engine.Host.Tests.Configuration;

public sealed class ConfigOverrideTests : IDisposable
{
    private readonly ConfigSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData("engine.data-dir=/tmp/x y", "/tmp/x y")]
    [InlineData("data-dir=here", "here")]
    [InlineData("data-dir = here ", "here")]
    [InlineData("data-dir=http://a:1/b//c#d+e=f", "http://a:1/b//c#d+e=f")]
    [InlineData("data-dir=\"quo\\u0074ed\" // comment", "quoted")]
    [InlineData("data-dir=${engine.data-dir}/sub", "file/sub")]
    [InlineData("data-dir=${?HOME}", "/root")]
    [InlineData("data-dir=null", "data")]
    [InlineData("\"data-dir\"=x", "x")]
    [InlineData("engine={ data-dir = x }", "x")]
    public void An_override_stands_behind_the_last_line_of_the_file(string assignment, string expected)
    {
        _sample.Environment["HOME"] = "/root";
        _sample.Overrides.Add(assignment);

        Assert.Equal(expected, _sample.Options("engine.data-dir = file").DataDir);
    }

    [Fact]
    public void Later_overrides_win_and_may_append()
    {
        _sample.Overrides.AddRange(["access.keys=[a]", "access.keys+=b", "engine.access.keys += \"c d\"", "routing.retries=1", "routing.retries=2"]);

        var options = _sample.Options("");

        Assert.Equal(["a", "b", "c d"], options.Access.Keys.Select(key => key.Key.Reveal()));
        Assert.Equal(2, options.Routing.Retries);
    }

    [Fact]
    public void Lists_and_objects_are_HOCON()
    {
        _sample.Overrides.Add("server={ listen = [\"http://127.0.0.1:0\"], drain-timeout = 1s }");
        _sample.Overrides.Add("definitions.wait=${definitions.base}");
        _sample.Overrides.Add("definitions.base=2s");
        _sample.Overrides.Add("routing.max-wait=${definitions.wait}");

        var options = _sample.Options("");

        Assert.Equal((0, TimeSpan.FromSeconds(1)), (options.Server.Listen[0].Port, options.Server.DrainTimeout));
        Assert.Equal(TimeSpan.FromSeconds(2), options.Routing.MaxWait);
    }

    [Fact]
    public void Paths_of_the_command_line_start_from_the_working_directory()
    {
        _sample.Overrides.Add("upstreams.r.record=recordings");

        var upstream = Assert.Single(_sample.Options("engine.upstreams.r { dialect = replay, fixtures = ., models = [m], accounts = [{}] }").Upstreams);

        Assert.Equal(Path.GetFullPath("recordings"), upstream.Record);
    }

    [Theory]
    [InlineData("no-equals-sign", "--set:2:1: an override is written key=value")]
    [InlineData("=x", "--set:2:1: an override is written key=value")]
    [InlineData("routing.retries=many", "--set:2:17: engine.routing.retries must be a whole number from 0 to 100, not \"many\"")]
    [InlineData("routing.retrys=3", "--set:2:1: unknown key \"retrys\" in engine.routing; did you mean \"retries\"?")]
    [InlineData("server.listen=[\"x\"", "--set:2:15: this '[' is never closed")]
    [InlineData("data-dir=${x", "--set:2:10: this substitution is not closed by '}' on its line")]
    [InlineData("data-dir=${none}", "--set:2:10: ${none} stands for nothing: it is neither in the configuration nor set in the environment")]
    [InlineData("a..b=1", "--set:2:1: a path has an empty element (two dots, or one at its start): write \"\" for an empty name")]
    [InlineData("server={ include \"x\" }", "--set:2:10: files are included by files only")]
    public void A_faulty_override_is_told_by_its_number(string assignment, string expected)
    {
        _sample.Overrides.AddRange(["routing.retries=1", assignment]);

        Assert.Equal(expected, Assert.Single(_sample.Load("").Faults).ToString());
    }
}
