using Engine.Actors.Accounts;
using Engine.Actors.Rotation;
using Engine.Host.Configuration;
using Engine.Host.Routing;
using Engine.Host.Upstreams;

namespace Engine.Host.Tests.Routing;

public sealed class ModelTableTests : IDisposable
{
    private readonly PooledHttpTransport _transport = new();
    private readonly AffinityTable _affinity = new(16, TimeSpan.FromHours(1));

    public void Dispose() => _transport.Dispose();

    [Theory]
    [InlineData("big", "one/big")]
    [InlineData("fast", "one/small")]
    [InlineData("one/big", "one/big")]
    [InlineData("one/fast", "one/small")]
    [InlineData("anthropic://fast", "one/small")]
    [InlineData("one/unlisted", "")]
    [InlineData("two/un/listed", "two/un/listed")]
    [InlineData("two/", "")]
    [InlineData("/big", "")]
    [InlineData("BIG", "")]
    [InlineData("", "")]
    public void A_name_leads_to_the_upstreams_own_name(string asked, string target)
    {
        var table = Build(
            Offering("one", Model("big"), Model("small", "fast", "quick")),
            Offering("two", Model("other")) with { TakesAnyModel = true });

        Assert.Equal(target, string.Join(',', Targets(table, asked, 1)));
    }

    [Fact]
    public void Upstreams_with_one_name_take_turns() =>
        Assert.Equal(
            ["one/m", "two/m"],
            Targets(Build(Offering("one", Model("m")), Offering("two", Model("m"))), "m", 2).Order(StringComparer.Ordinal));

    [Fact]
    public void A_fallback_serves_only_what_nobody_else_offers()
    {
        var table = Build(
            Offering("spare", Model("m"), Model("own")) with { IsFallback = true },
            Offering("real", Model("m")));

        Assert.Equal(["real/m", "real/m"], Targets(table, "m", 2));
        Assert.Equal(["spare/own", "spare/own"], Targets(table, "own", 2));
        Assert.Equal(["spare/m", "spare/m"], Targets(table, "spare/m", 2));
    }

    [Fact]
    public void An_upstream_without_accounts_offers_nothing()
    {
        var empty = Offering("one", Model("m"));
        var table = Build(empty with { Upstream = empty.Upstream with { Accounts = [] } });

        Assert.Null(table.Find("m"));
        Assert.Empty(table.Entries);
    }

    [Fact]
    public void Every_name_is_listed_once_with_its_first_upstream() =>
        Assert.Equal(
            [("m", "one"), ("alias", "one"), ("n", "two")],
            Build(Offering("one", Model("m", "alias")), Offering("two", Model("m"), Model("n")))
                .Entries.Select(entry => (entry.Id, entry.OwnedBy)));

    [Fact]
    public void A_flow_has_its_targets_as_stages_in_order()
    {
        var table = Build(
            [new Flow("smart", ["two/n", "gone/m", "one/alias"])],
            Offering("one", Model("m", "alias")),
            Offering("two", Model("n")));

        Assert.Equal(["two/n", "one/m"], table.Find("route:smart")!.Stages.Select(NextTarget));
        Assert.Null(table.Find("route:other"));
    }

    [Fact]
    public void A_flow_whose_targets_are_all_gone_is_unknown() =>
        Assert.Null(Build([new Flow("smart", ["gone/m"])], Offering("one", Model("m"))).Find("route:smart"));

    private ModelTable Build(params Offer[] offers) => Build([], offers);

    private ModelTable Build(Flow[] flows, params Offer[] offers) => ModelTable.Build(
        offers,
        static _ => ["anthropic"],
        flows,
        (name, targets) => new PoolStage(new AccountPool(name, TimeProvider.System, _affinity), targets, new RoundRobin()),
        createdUnixSeconds: 1);

    private static List<string> Targets(ModelTable table, string name, int leases) =>
        table.Find(name) is not { } pool ? [] : [.. Enumerable.Range(0, leases).Select(_ => NextTarget(pool.Stages[0]))];

    private static string NextTarget(PoolStage stage)
    {
        var result = stage.Pool.TryLease(stage.Table, default);
        Assert.Equal(LeaseAnswer.Leased, result.Answer);
        var target = stage.Of(result).Target;
        return $"{target.Upstream.Name}/{target.Model}";
    }

    private static OfferedModel Model(string id, params string[] aliases) => new(id, aliases, AccountLimits.None);

    private Offer Offering(string name, params OfferedModel[] models) => new(
        new Upstream
        {
            Name = name,
            Dialect = UpstreamDialect.Anthropic,
            Provider = new AnthropicProvider(),
            Transport = _transport,
            BaseUrl = "http://127.0.0.1:1",
            Timeouts = new UpstreamTimeouts(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            Accounts = [new UpstreamAccount(OpenSlot(name), new FixedCredential(new Secret("key")), [], null)],
        },
        models,
        IsFallback: false,
        TakesAnyModel: false);

    private static AccountSlot OpenSlot(string upstream)
    {
        var slot = new AccountSlot(new AccountId(upstream, "a"));
        slot.Publish(new AccountState { Id = slot.Id });
        return slot;
    }
}
