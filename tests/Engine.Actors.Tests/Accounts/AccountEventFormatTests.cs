using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Engine.Actors.Accounts;
using static Engine.Actors.Tests.Accounts.AccountStory;

namespace Engine.Actors.Tests.Accounts;

public sealed class AccountEventFormatTests
{
    private const string T = "\"2026-11-21T12:00:01+00:00\"";

    private static readonly (string Manifest, string Json, AccountEvent Event)[] Golden =
    [
        ("account.registered/1", $$"""{"limits":{"requestsPerMinute":1,"tokensPerMinute":2,"concurrency":3},"fingerprint":"fp","isRefreshable":true,"until":{{T}},"at":{{T}}}""",
            new AccountEvent.Registered(At(1), new AccountLimits(1, 2, 3), "fp", true, At(1))),
        ("account.retired/1", $$"""{"at":{{T}}}""", new AccountEvent.Retired(At(1))),
        ("account.cooled/1", $$"""{"model":"m","since":{{T}},"until":{{T}},"cause":"rate_limit","hint":{{T}},"failures":2,"at":{{T}},"requestId":"r","reason":"rate_limit"}""",
            new AccountEvent.Cooled(At(1), "m", At(1), At(1), CoolingCause.RateLimit, At(1), 2) { RequestId = "r", Reason = "rate_limit" }),
        ("account.stumbled/1", $$"""{"model":"m","failures":1,"at":{{T}},"requestId":"r","reason":"truncated"}""",
            new AccountEvent.Stumbled(At(1), "m", 1) { RequestId = "r", Reason = "truncated" }),
        ("account.recovered/1", $$"""{"model":"m","at":{{T}}}""", new AccountEvent.Recovered(At(1), "m")),
        ("account.exhausted/1", $$"""{"since":{{T}},"resetAt":{{T}},"probeAt":{{T}},"failures":1,"at":{{T}}}""",
            new AccountEvent.Exhausted(At(1), null, At(1), At(1), At(1), 1)),
        ("account.reset/1", $$"""{"at":{{T}}}""", new AccountEvent.Reset(At(1), null)),
        ("account.authentication-failed/1", $$"""{"probeAt":{{T}},"strikes":2,"at":{{T}},"reason":"credential"}""",
            new AccountEvent.AuthenticationFailed(At(1), At(1), 2) { Reason = "credential" }),
        ("account.credential-struck/1", $$"""{"until":{{T}},"strikes":1,"failures":3,"at":{{T}}}""", new AccountEvent.CredentialStruck(At(1), At(1), 1, 3)),
        ("account.credential-accepted/1", $$"""{"at":{{T}}}""", new AccountEvent.CredentialAccepted(At(1))),
        ("account.refresh-started/1", $$"""{"at":{{T}}}""", new AccountEvent.RefreshStarted(At(1))),
        ("account.credential-refreshed/1", $$"""{"until":{{T}},"fingerprint":"fp","at":{{T}}}""", new AccountEvent.CredentialRefreshed(At(1), At(1), "fp")),
        ("account.refresh-failed/1", $$"""{"at":{{T}},"reason":"network"}""", new AccountEvent.RefreshFailed(At(1)) { Reason = "network" }),
        ("account.credential-invalidated/1", $$"""{"at":{{T}},"reason":"invalid_grant"}""", new AccountEvent.CredentialInvalidated(At(1)) { Reason = "invalid_grant" }),
        ("account.suspended/1", $$"""{"by":"ann","at":{{T}}}""", new AccountEvent.Suspended(At(1), "ann")),
        ("account.resumed/1", $$"""{"by":"ann","at":{{T}}}""", new AccountEvent.Resumed(At(1), "ann")),
        ("account.cleared/1", $$"""{"model":"m","by":"ann","at":{{T}}}""", new AccountEvent.Cleared(At(1), "m", "ann")),
        ("account.limits-changed/1", $$"""{"limits":{"requestsPerMinute":1,"tokensPerMinute":2,"concurrency":3},"at":{{T}}}""",
            new AccountEvent.LimitsChanged(At(1), new AccountLimits(1, 2, 3))),
    ];

    public static TheoryData<string> Manifests => [.. Golden.Select(each => each.Manifest)];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void The_stored_shape_of_an_event_stays(string manifest)
    {
        var (_, json, happened) = Golden.Single(each => each.Manifest == manifest);

        var (written, payload) = AccountEventFormat.Write(happened);

        Assert.Equal((manifest, json), (written, Encoding.UTF8.GetString(payload)));
        Assert.Equal(happened, AccountEventFormat.Read(manifest, payload));
    }

    [Fact]
    public void Every_event_type_has_a_stored_shape_and_a_rule()
    {
        var types = typeof(AccountEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(AccountEvent))).ToHashSet();

        Assert.Equal(types, Golden.Select(each => each.Event.GetType()).ToHashSet());
        Assert.Equal(types.Count, AccountEventFormat.Manifests.Count);
        foreach (var (_, _, happened) in Golden)
        {
            Assert.NotNull(AccountDecider.Apply(Registered().State, happened));
            Assert.NotNull(AccountDecider.Apply(AccountState.New(new AccountId("u", "a")), happened));
        }
    }

    [Fact]
    public void Members_that_are_not_known_are_ignored() =>
        Assert.Equal(
            new AccountEvent.Suspended(At(1), "ann"),
            AccountEventFormat.Read("account.suspended/1", Encoding.UTF8.GetBytes($$"""{"new":{"x":[1]},"by":"ann","at":{{T}}}""")));

    [Fact]
    public void A_manifest_that_is_not_known_is_refused_by_name()
    {
        Assert.Equal("account.cooled/2", Assert.Throws<UnknownManifestException>(() => AccountEventFormat.Read("account.cooled/2", "{}"u8)).Manifest);
        Assert.Equal("account-state/2", Assert.Throws<UnknownManifestException>(() => AccountEventFormat.ReadState("account-state/2", "{}"u8)).Manifest);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"cause":"unheard_of"}""")]
    [InlineData("""{"cause":3}""")]
    public void A_payload_that_is_not_an_event_is_refused(string payload) =>
        Assert.Throws<JsonException>(() => AccountEventFormat.Read("account.cooled/1", Encoding.UTF8.GetBytes(payload)));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"upstream":"u","account":"a","standing":{"is":"asleep"},"models":{},"credential":{"is":"valid"}}""")]
    [InlineData("""{"upstream":"u","account":"a","standing":{"is":"cooling"},"models":{},"credential":{"is":"valid"}}""")]
    public void A_payload_that_is_not_a_state_is_refused(string payload) =>
        Assert.Throws<JsonException>(() => AccountEventFormat.ReadState("account-state/1", Encoding.UTF8.GetBytes(payload)));

    [Fact]
    public void The_stored_shape_of_a_state_stays()
    {
        var state = AccountState.New(new AccountId("up", "a")) with
        {
            Standing = new Standing.Retired(At(1)),
            Underlying = new Standing.AuthenticationFailed(At(1), At(1), "credential"),
            Suspension = new Standing.Suspended(At(1), "ann"),
            BehindRefusal = new Standing.Exhausted(At(1), null, At(1)),
            Models = ImmutableDictionary.CreateRange(StringComparer.Ordinal,
            [
                KeyValuePair.Create("m", new ModelState(new Standing.Cooling(At(1), At(1), CoolingCause.NothingLeft, At(1)), 2)),
                KeyValuePair.Create("a", new ModelState(Standing.Available.Instance, 1, At(1))),
            ]),
            Failures = 3,
            StumbledAt = At(1),
            Strikes = 1,
            StruckAt = At(1),
            Credential = new CredentialState.Refreshing(At(1), At(1)),
            CredentialSince = At(1),
            IsRefreshable = true,
            Fingerprint = "fp",
            Limits = new AccountLimits(1, 2, 3),
        };

        var (manifest, payload) = AccountEventFormat.WriteState(state);

        Assert.Equal(
            $$$"""
            {"upstream":"up","account":"a","standing":{"is":"retired","since":{{{T}}}},
            "underlying":{"is":"auth_failed","since":{{{T}}},"probeAt":{{{T}}},"reason":"credential"},
            "suspension":{"is":"suspended","since":{{{T}}},"by":"ann"},
            "behindRefusal":{"is":"exhausted","since":{{{T}}},"probeAt":{{{T}}}},
            "models":{"a":{"standing":{"is":"available"},"failures":1,"stumbledAt":{{{T}}}},
            "m":{"standing":{"is":"cooling","since":{{{T}}},"until":{{{T}}},"cause":"nothing_left","hint":{{{T}}}},"failures":2}},
            "failures":3,"stumbledAt":{{{T}}},"strikes":1,"struckAt":{{{T}}},
            "credential":{"is":"refreshing","since":{{{T}}},"until":{{{T}}}},"credentialSince":{{{T}}},"isRefreshable":true,
            "fingerprint":"fp","limits":{"requestsPerMinute":1,"tokensPerMinute":2,"concurrency":3}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(payload));
        States.AssertEqual(state, AccountEventFormat.ReadState(manifest, payload));
    }

    [Fact]
    public void A_state_from_before_stumbles_were_counted_has_none()
    {
        var state = AccountEventFormat.ReadState("account-state/1", """
            {"upstream":"u","account":"a","standing":{"is":"available"},"models":{"m":{"standing":{"is":"available"},"failures":1}},
            "failures":1,"strikes":0,"credential":{"is":"valid"}}
            """u8);

        Assert.Equal((1, null, 1, null), (state.Failures, state.StumbledAt, state.Models["m"].Failures, state.Models["m"].StumbledAt));
    }
}

/// <summary>Compares states by what they say: an immutable dictionary compares by reference.</summary>
internal static class States
{
    public static void AssertEqual(AccountState expected, AccountState actual)
    {
        Assert.Equal(expected.Models.OrderBy(each => each.Key), actual.Models.OrderBy(each => each.Key));
        Assert.Equal(expected, actual with { Models = expected.Models });
    }
}
