using Engine.Host.Configuration;

namespace Engine.Host.Tests.Configuration;

public sealed class UpstreamConfigTests : IDisposable
{
    private readonly ConfigSample _sample = new();

    public UpstreamConfigTests() => Directory.CreateDirectory(Path.Combine(_sample.Folder, "fixtures"));

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void An_upstream_is_read_whole()
    {
        _sample.Environment["KEY"] = "sk-1";

        var upstream = Assert.Single(_sample.Options("""
            engine.upstreams.my-openai {
              dialect = openai-chat
              base-url = "https://api.openai.com/v1/"
              models = ["gpt-5", { id = "gpt-5-mini", alias = "fast" }, { id = "org/m:free", alias = [a, "b"] }]
              discover = true
              fallback = true
              accounts = [
                { name = a, api-key = ${?KEY}, weight = 5, proxy-url = "socks5://user:p%40ss@127.0.0.1:1080", headers { X-Org = org, "x.y" = 1 },
                  limits { requests-per-minute = 60, tokens-per-minute = 100000, concurrency = 4 } }
                { api-key = sk-2 }
                { name = open, proxy-url = "" }
              ]
              timeouts { connect = 1s, first-byte = 10m, idle = 250ms }
              record = recordings
            }
            """).Upstreams);

        Assert.Equal(("my-openai", UpstreamDialect.OpenAiChat, "https://api.openai.com/v1"), (upstream.Name, upstream.Dialect, upstream.BaseUrl!.AbsoluteUri));
        Assert.Equal(["gpt-5:", "gpt-5-mini:fast", "org/m:free:a,b"], upstream.Models.Select(model => $"{model.Id}:{string.Join(',', model.Aliases)}"));
        Assert.True(upstream is { Discover: true, Fallback: true, Replay: null });
        Assert.Equal(new TimeoutOptions { Connect = TimeSpan.FromSeconds(1), FirstByte = TimeSpan.FromMinutes(10), Idle = TimeSpan.FromMilliseconds(250) }, upstream.Timeouts);
        Assert.Equal(Path.Combine(_sample.Folder, "recordings"), upstream.Record);
        Assert.Equal([("a", "sk-1"), ("account-2", "sk-2"), ("open", null)], upstream.Accounts.Select(account => (account.Name, account.ApiKey?.Reveal())));
        var first = upstream.Accounts[0];
        Assert.Equal(5, first.Weight);
        Assert.Equal(("socks5://127.0.0.1:1080/", "user", "p@ss"), (first.Proxy!.Address.AbsoluteUri, first.Proxy.User, first.Proxy.Password!.Reveal()));
        Assert.Equal([("X-Org", "org"), ("x.y", "1")], first.Headers.Select(header => (header.Name, header.Value.Reveal())));
        Assert.Equal(new LimitOptions { RequestsPerMinute = 60, TokensPerMinute = 100_000, Concurrency = 4 }, first.Limits);
        Assert.Equal((1, null, 0, new LimitOptions()), (upstream.Accounts[2].Weight, upstream.Accounts[2].Proxy, upstream.Accounts[2].Headers.Length, upstream.Accounts[2].Limits));
    }

    [Fact]
    public void An_account_whose_secret_is_not_set_is_skipped_with_a_notice_that_names_the_variable()
    {
        var result = _sample.Load("""
            engine.upstreams.a { dialect = anthropic, base-url = "http://h", models = [m], accounts = [
              { name = one, api-key = ${?ONE} }
              { name = two, api-key = sk }
              { name = three, api-key = ${?THREE}, api-key = ${?ALSO} }
              { name = four, api-key = "" }
            ] }
            """);

        Assert.Equal(["two"], Assert.Single(result.Options!.Upstreams).Accounts.Select(account => account.Name));
        Assert.Equal(
            [
                "2 the account one of the upstream a is skipped: ONE is not set",
                "4 the account three of the upstream a is skipped: none of THREE, ALSO is set",
                "5 the account four of the upstream a is skipped: its api-key is empty",
            ],
            result.Notices.Select(notice => $"{notice.Line} {notice.Message}"));
    }

    [Theory]
    [InlineData("dialect = gemini, accounts = [{ name = a, api-key = ${?NONE} }]", "none of its accounts has a key")]
    [InlineData("dialect = gemini", "it has no accounts")]
    [InlineData("dialect = kiro", "this version does not speak kiro yet")]
    [InlineData("dialect = openai-chat, accounts = [{}]", null)]
    public void An_upstream_that_lacks_something_is_inactive_with_a_notice(string text, string? lack)
    {
        var result = _sample.Load($"engine.upstreams.a {{ base-url = \"http://h\", models = [m]\n {text} }}");
        Assert.Empty(result.Faults);
        Assert.Equal(lack is null ? 1 : 0, result.Options!.Upstreams.Length);
        Assert.Equal(lack is null ? 0 : 1, result.Options.InactiveUpstreams.Length);
        if (lack is not null)
        {
            Assert.Contains(result.Notices, notice => notice.Message == $"the upstream a is inactive: {lack}");
        }
    }

    [Fact]
    public void An_upstream_whose_address_is_not_set_is_inactive()
    {
        var result = _sample.Load("engine.upstreams.a { dialect = gemini, base-url = ${?BASE}, models = [m], accounts = [{}] }");

        Assert.Equal("a", Assert.Single(result.Options!.InactiveUpstreams).Name);
        Assert.Equal("the upstream a is inactive: BASE is not set", Assert.Single(result.Notices).Message);
    }

    [Theory]
    [InlineData("", 1.0)]
    [InlineData("speed = recorded", 1.0)]
    [InlineData("speed = 1", 1.0)]
    [InlineData("speed = 2.5", 2.5)]
    [InlineData("speed = max", double.PositiveInfinity)]
    public void Replay_reads_a_folder_beside_the_config_and_needs_no_account(string text, double factor)
    {
        var upstream = Assert.Single(_sample.Options($"engine.upstreams.r {{ dialect = replay, models = [demo], fixtures = fixtures, {text} }}").Upstreams);

        Assert.Equal(Path.Combine(_sample.Folder, "fixtures"), upstream.Replay!.Fixtures);
        Assert.Equal(TimeSpan.FromMilliseconds(10 / factor), upstream.Replay.Speed.Scale(10));
        Assert.Equal(["default"], upstream.Accounts.Select(account => account.Name));
        Assert.Null(upstream.BaseUrl);
    }

    [Fact]
    public void Replay_without_its_folder_is_inactive()
    {
        var result = _sample.Load("engine.upstreams.r { dialect = replay, models = [demo], fixtures = none }");

        Assert.Empty(result.Options!.Upstreams);
        Assert.Equal($"the upstream r is inactive: there is no folder {Path.Combine(_sample.Folder, "none")}", Assert.Single(result.Notices).Message);
    }

    [Fact]
    public void Every_dialect_of_the_contract_has_its_word()
    {
        string[] words = ["openai-chat", "openai-responses", "anthropic", "gemini", "code-assist", "ollama", "codex", "kiro", "replay"];
        var text = string.Join('\n', words.Select(word => $"engine.upstreams.{word} {{ dialect = {word}, models = [m], "
            + (word == "replay" ? "fixtures = fixtures }" : "base-url = \"http://h\", accounts = [{}] }")));

        var options = _sample.Options(text);

        var found = options.Upstreams.Concat(options.InactiveUpstreams).ToDictionary(upstream => upstream.Name, upstream => upstream.Dialect);
        Assert.Equal(Enum.GetValues<UpstreamDialect>().Order(), found.Values.Order());
        Assert.All(found, pair => Assert.Equal(pair.Key, ConfigWords.Dialects.Of(pair.Value)));
    }

    [Theory]
    [InlineData("anthropic", "http://h/v1", true)]
    [InlineData("anthropic", "http://h", false)]
    [InlineData("gemini", "http://h/v1beta/", true)]
    [InlineData("openai-chat", "http://h/v1", false)]
    public void A_base_url_that_the_dialect_would_double_is_noticed(string dialect, string url, bool isNoticed)
    {
        var result = _sample.Load($"engine.upstreams.a {{ dialect = {dialect}, base-url = \"{url}\", models = [m], accounts = [{{}}] }}");

        Assert.Equal(isNoticed, result.Notices.Any(notice => notice.Message.Contains("which the engine adds itself", StringComparison.Ordinal)));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "models = [m], base-url = \"http://h\", accounts = [{}]", "dialect must be given: one of openai-chat," },
        { "dialect = openai, models = [m], base-url = \"http://h\", accounts = [{}]", "dialect must be one of openai-chat, " },
        { "dialect = gemini, models = [m], accounts = [{}]", "base-url must be given" },
        { "dialect = gemini, base-url = \"\", models = [m], accounts = [{}]", "base-url must be given" },
        { "dialect = gemini, base-url = \"h/v1\", models = [m], accounts = [{}]", "base-url must be an http:// or https:// URL" },
        { "dialect = gemini, base-url = \"http://h?x=1\", models = [m], accounts = [{}]", "base-url must be an http:// or https:// URL" },
        { "dialect = gemini, base-url = \"http://h\", accounts = [{}]", "models must name at least one model, or discover = true" },
        { "dialect = gemini, base-url = \"http://h\", models = [], accounts = [{}]", "models must name at least one model" },
        { "dialect = gemini, base-url = \"http://h\", models = m, accounts = [{}]", "models must be a list" },
        { "dialect = gemini, base-url = \"http://h\", models = [m, m], accounts = [{}]", "the upstream has a model or alias \"m\" already" },
        { "dialect = gemini, base-url = \"http://h\", models = [m, {id = n, alias = m}], accounts = [{}]", "the upstream has a model or alias \"m\" already" },
        { "dialect = gemini, base-url = \"http://h\", models = [{id = m, alias = [x, x]}], accounts = [{}]", "the upstream has a model or alias \"x\" already" },
        { "dialect = gemini, base-url = \"http://h\", models = [{alias = x}], accounts = [{}]", "models[0].id must be given" },
        { "dialect = gemini, base-url = \"http://h\", models = [\"route:x\"], accounts = [{}]", "may not start with \"route:\"" },
        { "dialect = gemini, base-url = \"http://h\", models = [\"gemini://x\"], accounts = [{}]", "may not hold \"://\"" },
        { "dialect = gemini, base-url = \"http://h\", models = [\"x(high)\"], accounts = [{}]", "may not end with ')'" },
        { "dialect = gemini, base-url = \"http://h\", models = [a b], accounts = [{}]", "may not hold blanks" },
        { "dialect = gemini, base-url = \"http://h\", models = [[m]], accounts = [{}]", "models must be a string, not a list" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [key]", "accounts takes objects { name, api-key, … }, not a string" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{name = a}, {name = A}]", "an account of that name already" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{name = a, api-key = ${?NONE}}, {name = a}]", "an account of that name already" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{name = a/b}]", "accounts[0].name must be 1 to 64 letters" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{weight = 0}]", "weight must be a whole number from 1 to 1000" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{proxy-url = \"h:1\"}]", "proxy-url must be a URL of scheme http, https, socks4" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{proxy-url = \"http://h/p\"}]", "proxy-url must be a URL of scheme" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{headers { \"a b\" = c }}]", "is not the name of a header" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{headers { Content-Length = 1 }}]", "is set by the engine alone" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{headers { a = \"b\\nc\" }}]", "may hold printable ASCII only" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{headers { a.b = c }}]", "must be a string, not an object; a header name with dots must be quoted" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{headers { a = b, A = c }}]", "is there already, in another case" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{}], timeouts.idle = 0", "timeouts.idle must be a duration from 10ms to 1h" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{}], fixtures = x", "fixtures is for dialect = replay only" },
        { "dialect = gemini, base-url = \"http://h\", models = [m], accounts = [{}], speed = max", "speed is for dialect = replay only" },
        { "dialect = replay, models = [m]", "fixtures must name the folder" },
        { "dialect = replay, models = [m], fixtures = fixtures, speed = 0", "speed must be a number from 0.001" },
        { "dialect = replay, models = [m], fixtures = fixtures, base-url = \"http://h\"", "base-url is not for dialect = replay" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_upstream_is_one_fault(string text, string message) =>
        Assert.Contains(message, Assert.Single(_sample.Faults($"engine.upstreams.a {{ {text} }}")), StringComparison.Ordinal);

    [Fact]
    public void Names_of_upstreams_are_plain_and_differ_in_more_than_case()
    {
        const string rest = "{ dialect = replay, models = [m], fixtures = fixtures }";

        Assert.Contains("in another case", Assert.Single(_sample.Faults($"engine.upstreams {{ lab {rest}, Lab {rest} }}")), StringComparison.Ordinal);
        Assert.Contains("the name of an upstream must be", Assert.Single(_sample.Faults($"engine.upstreams.\"a/b\" {rest}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[a/m, a/alias, inactive/n, open/whatever/it/is]", null)]
    [InlineData("[]", "must be a list of at least one \"upstream/model\"")]
    [InlineData("a/m", "must be a list of at least one \"upstream/model\"")]
    [InlineData("[m]", "takes \"upstream/model\", not \"m\"")]
    [InlineData("[a/]", "takes \"upstream/model\", not \"a/\"")]
    [InlineData("[b/m]", "\"b/m\" names no configured upstream; did you mean \"a\"?")]
    [InlineData("[a/alais]", "\"a/alais\" names no model of the upstream a; did you mean \"alias\"?")]
    public void A_flow_names_configured_upstreams_and_models(string flow, string? fault)
    {
        var text = $$"""
            engine.upstreams {
              a { dialect = replay, fixtures = fixtures, models = [{ id = m, alias = alias }] }
              inactive { dialect = gemini, base-url = "http://h", models = [n] }
              open { dialect = replay, fixtures = fixtures, discover = true }
            }
            engine.routing.flows.best = {{flow}}
            """;
        if (fault is not null)
        {
            var told = Assert.Single(_sample.Faults(text));
            Assert.StartsWith("6:", told, StringComparison.Ordinal);
            Assert.Contains("engine.routing.flows.best", told, StringComparison.Ordinal);
            Assert.Contains(fault, told, StringComparison.Ordinal);
            return;
        }

        var read = Assert.Single(_sample.Options(text).Routing.Flows);
        Assert.Equal("best", read.Name);
        Assert.Equal([new("a", "m"), new("a", "alias"), new("inactive", "n"), new("open", "whatever/it/is")], read.Targets);
    }

    [Fact]
    public void Certificates_are_files_that_exist_and_come_in_pairs()
    {
        _sample.Write("c.pem", "");

        Assert.Contains("names a file that does not exist", Assert.Single(_sample.Faults("engine.server { listen = [\"https://[::1]\"], certificate { path = c.pem, key-path = k.pem } }")), StringComparison.Ordinal);
        Assert.Contains("must be given", Assert.Single(_sample.Faults("engine.server { listen = [\"https://[::1]\"], certificate { path = \"\", key-path = \"\" } }")), StringComparison.Ordinal);
        Assert.Contains("key-path must be given beside path", Assert.Single(_sample.Faults("engine.server { certificate { path = c.pem } }")), StringComparison.Ordinal);
    }
}
