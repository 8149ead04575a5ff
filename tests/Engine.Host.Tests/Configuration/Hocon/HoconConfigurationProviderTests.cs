using Engine.Host.Configuration;
using Engine.Host.Configuration.Hocon;
using Engine.Testing;
using Microsoft.Extensions.Configuration;

namespace Engine.Host.Tests.Configuration.Hocon;

public sealed class HoconConfigurationProviderTests : IDisposable
{
    // An interval, and the second look that makes sure.
    private static readonly TimeSpan Soon = HoconFileWatch.Interval + HoconFileWatch.Quiet;

    private readonly ConfigFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<IReadOnlyList<ConfigFault>> _refusals = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tree_becomes_flat_keys()
    {
        var configuration = Build(_folder.Write("a.conf", "a { b = 1, c = [x, {d = ${NAME}}], e = null, f = [], g {} }\nh = true"));

        Assert.Equal(
            ["a:b=1", "a:c:0=x", "a:c:1:d=env", "a:e=", "a:f=", "a:g=", "h=true"],
            configuration.AsEnumerable().Where(pair => pair.Value is not null || !configuration.GetSection(pair.Key).GetChildren().Any())
                .Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
        Assert.Null(configuration["a:e"]);
        Assert.Equal("", configuration["a:f"]);
        Assert.Equal("1", configuration["A:B"]);
    }

    [Fact]
    public void Sources_behind_it_win_key_by_key()
    {
        var source = new HoconConfigurationSource { Path = _folder.Write("a.conf", "a { b = 1, c = 2 }") };
        var configuration = new ConfigurationBuilder().Add(source).AddInMemoryCollection([new("a:b", "3")]).Build();

        Assert.Equal(("3", "2"), (configuration["a:b"], configuration["a:c"]));
    }

    [Fact]
    public void An_edit_reloads_and_a_faulty_one_does_not()
    {
        var path = _folder.Write("a.conf", "include \"b.conf\"\na = 1");
        var configuration = Build(path);
        var reloads = 0;
        using var registration = Microsoft.Extensions.Primitives.ChangeToken.OnChange(configuration.GetReloadToken, () => reloads++);
        _time.Advance(TimeSpan.Zero);

        _folder.Write("b.conf", "b = 2");
        _time.Advance(Soon);
        Assert.Equal(("1", "2", 1), (configuration["a"], configuration["b"], reloads));

        _folder.Write("a.conf", "a = ${none}\nb = [");
        _time.Advance(Soon);
        Assert.Equal(("1", "2", 1), (configuration["a"], configuration["b"], reloads));
        Assert.Single(_refusals);

        _folder.Write("a.conf", "a = 4");
        _time.Advance(Soon);
        Assert.Equal(("4", null, 2), (configuration["a"], configuration["b"], reloads));
        (configuration as IDisposable)?.Dispose();
    }

    [Fact]
    public void A_faulty_file_does_not_load_and_says_every_fault()
    {
        var path = _folder.Write("a.conf", "a = ${x}\nb = ${y}");

        var thrown = Assert.Throws<InvalidDataException>(() => Build(path));

        Assert.Equal(2, thrown.Message.Split('\n').Length);
        Assert.StartsWith($"{path}:1:5: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_must_be_optional()
    {
        var path = Path.Combine(_folder.Path, "none.conf");

        Assert.Throws<InvalidDataException>(() => Build(path));
        Assert.Empty(new ConfigurationBuilder().Add(new HoconConfigurationSource { Path = path, Optional = true }).Build().AsEnumerable());
    }

    private IConfigurationRoot Build(string path) => new ConfigurationBuilder()
        .Add(new HoconConfigurationSource
        {
            Path = path,
            ReloadOnChange = true,
            Environment = name => name == "NAME" ? "env" : null,
            Time = _time,
            Refused = _refusals.Add,
        })
        .Build();
}
