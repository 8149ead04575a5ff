using Engine.Actors.Rotation;
using Engine.Host.Configuration;
using Engine.Host.Routing;
using Engine.Host.Upstreams;

namespace Engine.Host.Tests.Routing;

public sealed class ModelTableTests : IDisposable
{
    private readonly PooledHttpTransport _transport = new();

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
            Offering("one", new OfferedModel("big", []), new OfferedModel("small", ["fast", "quick"])),
            Offering("two", new OfferedModel("other", [])) with { TakesAnyModel = true });

        Assert.Equal(target, string.Join(',', Targets(table, asked, 1)));
    }

    [Fact]
    public void Upstreams_with_one_name_take_turns() =>
        Assert.Equal(
            ["one/m", "two/m"],
            Targets(Build(Offering("one", new OfferedModel("m", [])), Offering("two", new OfferedModel("m", []))), "m", 2).Order(StringComparer.Ordinal));

    [Fact]
    public void A_fallback_serves_only_what_nobody_else_offers()
    {
        var table = Build(
            Offering("spare", new OfferedModel("m", []), new OfferedModel("own", [])) with { IsFallback = true },
            Offering("real", new OfferedModel("m", [])));

        Assert.Equal(["real/m", "real/m"], Targets(table, "m", 2));
        Assert.Equal(["spare/own", "spare/own"], Targets(table, "own", 2));
        Assert.Equal(["spare/m", "spare/m"], Targets(table, "spare/m", 2));
    }

    [Fact]
    public void An_upstream_without_accounts_offers_nothing()
    {
        var empty = Offering("one", new OfferedModel("m", []));
        var table = Build(empty with { Upstream = empty.Upstream with { Accounts = [] } });

        Assert.Null(table.Find("m"));
        Assert.Empty(table.Entries);
    }

    [Fact]
    public void Every_name_is_listed_once_with_its_first_upstream() =>
        Assert.Equal(
            [("m", "one"), ("alias", "one"), ("n", "two")],
            Build(Offering("one", new OfferedModel("m", ["alias"])), Offering("two", new OfferedModel("m", []), new OfferedModel("n", [])))
                .Entries.Select(entry => (entry.Id, entry.OwnedBy)));

    [Fact]
    public void A_tried_account_is_not_leased_again()
    {
        var pool = Build(Offering("one", new OfferedModel("m", [])), Offering("two", new OfferedModel("m", []))).Find("m")!;
        var first = pool.TryLease([])!.Value.Account.Slot;
        var second = pool.TryLease([first])!.Value.Account.Slot;

        Assert.NotEqual(first, second);
        Assert.Null(pool.TryLease([first, second]));
    }

    private static ModelTable Build(params Offer[] offers) =>
        ModelTable.Build(offers, static _ => ["anthropic"], static table => new RoundRobinPool(table), createdUnixSeconds: 1);

    private static List<string> Targets(ModelTable table, string name, int leases) =>
        table.Find(name) is not { } pool
            ? []
            : Enumerable.Range(0, leases).Select(_ => pool.TryLease([])!.Value.Target).Select(target => $"{target.Upstream.Name}/{target.Model}").ToList();

    private Offer Offering(string name, params OfferedModel[] models) => new(
        new Upstream
        {
            Name = name,
            Provider = new AnthropicProvider(),
            Transport = _transport,
            BaseUrl = "http://127.0.0.1:1",
            Timeouts = new UpstreamTimeouts(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            Accounts = [new UpstreamAccount(new AccountSlot(name, "a", 1), new Secret("key"), [], null)],
        },
        models,
        IsFallback: false,
        TakesAnyModel: false);
}
