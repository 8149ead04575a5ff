using Engine.Host.Configuration;

namespace Engine.Host.Tests.Configuration;

public sealed class ConfigLoadTests : IDisposable
{
    private readonly ConfigSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void An_empty_file_gives_the_defaults()
    {
        var options = _sample.Options("");

        Assert.Equal(["http://127.0.0.1:8045"], options.Server.Listen.Select(address => address.ToString()));
        Assert.Equal((64 << 20, 64 << 20, 64 << 20), (options.Server.MaxRequestBody, options.Server.MaxDecompressedBody, options.Server.MaxResponseEvent));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(15)), (options.Server.DrainTimeout, options.Server.HeartbeatInterval));
        Assert.Equal(("data", PersistenceProvider.Sqlite, null), (options.DataDir, options.Persistence.Provider, options.Persistence.ConnectionString));
        Assert.Equal((AccessMode.Auto, 0, new LimitOptions()), (options.Access.Mode, options.Access.Keys.Length, options.Access.PerKey));
        Assert.Equal(new ManagementOptions(), options.Management);
        Assert.Equal((RoutingStrategy.RequestCount, 50, RoutingAffinity.Session, 3), (options.Routing.Strategy, options.Routing.RequestCount, options.Routing.Affinity, options.Routing.Retries));
        Assert.Equal((TimeSpan.FromSeconds(30), 1024), (options.Routing.MaxWait, options.Routing.QueueCapacity));
        Assert.Equal(TimeSpan.FromDays(30), options.Usage.Retention);
        Assert.Equal((false, false, TimeSpan.FromDays(7)), (options.RequestLog.Enabled, options.RequestLog.Bodies, options.RequestLog.Retention));
        Assert.Equal((true, null), (options.Telemetry.Prometheus, options.Telemetry.OtlpEndpoint));
        Assert.Empty(options.Upstreams);
    }

    [Fact]
    public void Every_key_reaches_its_option()
    {
        _sample.Write("cert.pem", "");
        _sample.Write("key.pem", "");
        _sample.Environment["PASSWORD"] = "hunter2";

        var options = _sample.Options("""
            engine {
              server {
                listen = ["https://0.0.0.0:8443", "http://[::1]:80/", "http://localhost:0", "http://*"]
                certificate { path = cert.pem, key-path = "key.pem" }
                max-request-body = 1MB, max-decompressed-body = 2MiB, max-response-event = 3K
                drain-timeout = 1m, heartbeat-interval = 500ms
              }
              data-dir = /var/lib/engine
              persistence { provider = postgres, connection-string = "Host=db;Password="${PASSWORD} }
              access {
                mode = strict
                keys = [ first, { name = ci, key = second } ]
                per-key { requests-per-minute = 1, tokens-per-minute = 2e3, concurrency = 3 }
              }
              management { password = ${PASSWORD}, allow-remote = yes }
              routing {
                strategy = weighted, request-count = 7, affinity = none, retries = 0, max-wait = 0s, queue-capacity = 5
              }
              usage { retention = 1d }, request-log { enabled = on, bodies = true, retention = 2h }
              telemetry { prometheus = off, otlp-endpoint = "http://127.0.0.1:4317/" }
            }
            """);

        Assert.Equal(
            ["https://0.0.0.0:8443", "http://[::1]:80", "http://localhost:0", "http://*:80"],
            options.Server.Listen.Select(address => address.ToString()));
        Assert.Equal(new CertificateOptions(Path.Combine(_sample.Folder, "cert.pem"), Path.Combine(_sample.Folder, "key.pem")), options.Server.Certificate);
        Assert.Equal((1_000_000, 2 << 20, 3 << 10), (options.Server.MaxRequestBody, options.Server.MaxDecompressedBody, options.Server.MaxResponseEvent));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(500)), (options.Server.DrainTimeout, options.Server.HeartbeatInterval));
        Assert.Equal(("/var/lib/engine", PersistenceProvider.Postgres), (options.DataDir, options.Persistence.Provider));
        Assert.Equal("Host=db;Password=hunter2", options.Persistence.ConnectionString!.Reveal());
        Assert.Equal([("key-1", "first"), ("ci", "second")], options.Access.Keys.Select(key => (key.Name, key.Key.Reveal())));
        Assert.Equal(new LimitOptions { RequestsPerMinute = 1, TokensPerMinute = 2000, Concurrency = 3 }, options.Access.PerKey);
        Assert.Equal(AccessMode.Strict, options.Access.Mode);
        Assert.Equal(("hunter2", true), (options.Management.Password!.Reveal(), options.Management.AllowRemote));
        Assert.Equal((RoutingStrategy.Weighted, 7, RoutingAffinity.None, 0), (options.Routing.Strategy, options.Routing.RequestCount, options.Routing.Affinity, options.Routing.Retries));
        Assert.Equal((TimeSpan.Zero, 5), (options.Routing.MaxWait, options.Routing.QueueCapacity));
        Assert.Equal((TimeSpan.FromDays(1), true, true, TimeSpan.FromHours(2)), (options.Usage.Retention, options.RequestLog.Enabled, options.RequestLog.Bodies, options.RequestLog.Retention));
        Assert.Equal((false, new Uri("http://127.0.0.1:4317")), (options.Telemetry.Prometheus, options.Telemetry.OtlpEndpoint));
    }

    [Fact]
    public void The_operator_contract_is_a_good_configuration()
    {
        _sample.Environment["OPENAI_API_KEY"] = "sk-1";

        var options = _sample.Options("""
            engine {
              server {
                listen = ["http://127.0.0.1:8045"]            # https://… with certificate { path, key-path }
                max-request-body = 64MiB
                drain-timeout = 30s
                heartbeat-interval = 15s                      # keep-alive on a silent client stream
              }
              data-dir = "data"                               # journal, keys, images, logs; created at start, mode 0700
              persistence { provider = sqlite, connection-string = "" }         # sqlite | postgres
              access {
                mode = auto                                   # off | strict | all-except-health | monitoring | auto
                keys = []                                     # static keys; others are created by command or management API
                per-key { requests-per-minute = 0, tokens-per-minute = 0, concurrency = 0 }   # 0 = no limit
              }
              management { password = ${?ENGINE_MANAGEMENT_PASSWORD}, allow-remote = false }
              upstreams {
                NAME {
                  dialect = openai-chat
                  base-url = "https://api.example/v1"
                  models = ["gpt-5", { id = "gpt-5-mini", alias = "fast" }]     # or discover = true
                  accounts = [ { name = a, api-key = ${?OPENAI_API_KEY}, weight = 1, proxy-url = "", headers {},
                                 limits { requests-per-minute = 0, tokens-per-minute = 0, concurrency = 0 } } ]
                  timeouts { connect = 5s, first-byte = 120s, idle = 60s }
                  record = ""                    # a folder: write exchanges as fixtures
                }
              }
              routing {
                strategy = request-count         # round-robin | request-count | quota-exhausted | fill-first | least-busy | weighted
                request-count = 50
                affinity = session               # none | session: keep a conversation on its account while it can serve it
                retries = 3                      # other accounts tried before the client sees the failure
                max-wait = 30s                   # queue this long when every account is cooling, then 429 with Retry-After
                queue-capacity = 1024
                flows { NAME = [ "NAME/fast" ] }                        # model "route:NAME"
              }
              usage { retention = 30d }
              request-log { enabled = false, bodies = false, retention = 7d }
              telemetry { prometheus = true, otlp-endpoint = "" }
            }
            """);

        // What it spells out are the defaults.
        var standard = new EngineOptions();
        Assert.Equal(standard.Server with { Listen = options.Server.Listen }, options.Server);
        Assert.Equal(standard.Server.Listen, options.Server.Listen.AsEnumerable());
        Assert.Equal(standard.Persistence, options.Persistence);
        Assert.Equal(standard.Access with { Keys = options.Access.Keys }, options.Access);
        Assert.Equal(standard.Management, options.Management);
        Assert.Equal(standard.Routing with { Flows = options.Routing.Flows }, options.Routing);
        Assert.Equal((standard.Usage, standard.RequestLog, standard.Telemetry), (options.Usage, options.RequestLog, options.Telemetry));
        Assert.Equal(new TimeoutOptions(), Assert.Single(options.Upstreams).Timeouts);
        Assert.Equal(new FlowTarget("NAME", "fast"), Assert.Single(Assert.Single(options.Routing.Flows).Targets));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        // Unknown keys
        { "engine { servr { } }", "1:10 unknown key \"servr\" in engine; did you mean \"server\"?" },
        { "enigne { }", "1:1 unknown key \"enigne\"; did you mean \"engine\"?" },
        { "engine.server.lissen = []", "1:1 unknown key \"lissen\" in engine.server; did you mean \"listen\"?" },
        { "engine.routing {\n  stratgy = weighted }", "2:3 unknown key \"stratgy\" in engine.routing; did you mean \"strategy\"?" },
        { "engine.management { pasword = ${?X} }", "1:21 unknown key \"pasword\" in engine.management; did you mean \"password\"?" },
        { "engine.upstreams.a { dialect = replay, fixtures = f, models = [m], timeout {} }", "1:68 unknown key \"timeout\" in engine.upstreams.a; did you mean \"timeouts\"?" },
        { "engine.upstreams.a { dialect = replay, fixtures = f, models = [{id=m,alais=x}] }", "1:70 unknown key \"alais\" in engine.upstreams.a.models[0]; did you mean \"alias\"?" },
        { "engine.access.keys = [{ nam = x, key = y }]", "1:25 unknown key \"nam\" in engine.access.keys[0]; did you mean \"name\"?" },

        // Types and ranges
        { "engine.server.drain-timeout = soon", "1:31 engine.server.drain-timeout must be a duration from 0s to 1h, such as 30s, not \"soon\"" },
        { "engine.server.drain-timeout = 2h", "1:31 engine.server.drain-timeout must be a duration from 0s to 1h, such as 30s, not \"2h\"" },
        { "engine.server.drain-timeout = [1s]", "1:31 engine.server.drain-timeout must be a duration from 0s to 1h, such as 30s, not a list" },
        { "engine.server.max-request-body = 64mb", "1:34 engine.server.max-request-body must be a size from 1KiB to 1024MiB, such as 64MiB, not \"64mb\"" },
        { "engine.routing.retries = -1", "1:26 engine.routing.retries must be a whole number from 0 to 100, not \"-1\"" },
        { "engine.routing.retries = 1.5", "1:26 engine.routing.retries must be a whole number from 0 to 100, not \"1.5\"" },
        { "engine.management.allow-remote = perhaps", "1:34 engine.management.allow-remote must be true or false, not \"perhaps\"" },
        { "engine.routing.strategy = wieghted", "1:27 engine.routing.strategy must be one of round-robin, request-count, quota-exhausted, fill-first, least-busy, weighted, soonest-reset-first, not \"wieghted\"; did you mean weighted?" },
        { "engine.access.mode = {}", "1:22 engine.access.mode must be one of off, strict, all-except-health, monitoring, auto, not an object" },
        { "engine.server = 5", "1:17 engine.server must be an object { … }, not a number" },
        { "engine = []", "1:10 engine must be an object { … }, not a list" },
        { "engine.server.listen = \"http://127.0.0.1\"", "1:24 engine.server.listen must be a list [ … ], not a string" },
        { "engine.upstreams = on", "1:20 engine.upstreams must be an object { … }, not a string" },
        { "engine.upstreams.a = true", "1:22 engine.upstreams.a must be an object { … }, not a boolean" },
        { "engine.data-dir = \"\"", "1:19 engine.data-dir must name a folder" },
        { "engine.data-dir = \"\\u0000\"", "1:19 engine.data-dir may not hold a NUL character" },
        { "engine.upstreams.a { dialect = replay, models = [m], fixtures = \"\\u0000\" }", "1:65 engine.upstreams.a.fixtures may not hold a NUL character" },
        { "engine.upstreams.a { dialect = replay, models = [m], fixtures = \"\" }", "1:65 engine.upstreams.a.fixtures must name the folder of the recorded exchanges" },
        { "engine.data-dir = {}", "1:19 engine.data-dir must be a string, not an object" },
        { "[1]", "1:1 the configuration must be an object, not a list" },

        // Server
        { "engine.server.listen = []", "1:24 engine.server.listen must hold at least one address: " + ListenAddress.Allowed },
        { "engine.server.listen = [\"ftp://x\"]", "1:25 engine.server.listen takes " + ListenAddress.Allowed + ", not \"ftp://x\"" },
        { "engine.server.listen = [\"http://[::]:1\", \"http://[::]:1\"]", "1:42 engine.server.listen has http://[::]:1 twice" },
        { "engine.server.listen = [\"https://127.0.0.1\"]", "1:24 engine.server.listen has an https:// address, so server.certificate { path, key-path } must be given" },
        { "engine.telemetry.otlp-endpoint = \"localhost:4317\"", "1:34 engine.telemetry.otlp-endpoint must be an http:// or https:// URL with a host, and without credentials, query or fragment" },

        // Access and persistence
        { "engine.access.keys = [\"\"]", "1:23 engine.access.keys may not hold an empty key: it would let everyone in" },
        { "engine.access.keys = [a, a]", "1:26 engine.access.keys has this key twice" },
        { "engine.access.keys = [{name=a,key=b},{name=A,key=c}]", "1:38 engine.access.keys has the name \"A\" twice" },
        { "engine.access.keys = [{name=a}]", "1:23 engine.access.keys[0].key must be given" },
        { "engine.access.keys = [{name=\"a b\",key=c}]", "1:29 engine.access.keys[0].name must be 1 to 64 letters, digits, '-', '_', '.', '+' or '@'" },
        { "engine.persistence.provider = postgres", "1:1 engine.persistence.connection-string must be given for provider = postgres" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_key_or_value_is_a_fault_at_its_place(string text, string fault)
    {
        Directory.CreateDirectory(Path.Combine(_sample.Folder, "f"));

        Assert.Equal([fault], _sample.Faults(text));
    }

    [Fact]
    public void All_faults_of_all_sections_are_told_at_once() =>
        Assert.Equal(["1", "2", "3", "4"], _sample.Faults("""
            engine.server.drain-timeout = soon
            engine.routng = {}
            engine.routing.retries = many
            engine.upstreams.a.dialect = opnai, engine.upstreams.a.models = [m], engine.upstreams.a.base-url = "http://x"
            """).Select(fault => fault.Split(':')[0]).Distinct());

    [Theory]
    [InlineData("engine.upstreams.a = ${nowhere}", "1:22")]
    [InlineData("engine.upstreams.a { dialect = ${nowhere}, models = ${nowhere}, base-url = ${nowhere} }", "1:32,1:53,1:76")]
    [InlineData("engine.server = ${nowhere}", "1:17")]
    [InlineData("engine.server { listen = [\"https://[::1]\"], certificate = ${nowhere} }", "1:59")]
    [InlineData("engine.access.keys = [${nowhere}, { key = ${nowhere} }]", "1:23,1:43")]
    public void A_broken_substitution_brings_no_further_faults(string text, string places) =>
        Assert.Equal(places.Split(','), _sample.Faults(text).Select(fault => fault.Split(' ')[0]));

    [Fact]
    public void Null_is_as_good_as_nothing()
    {
        var options = _sample.Options("engine { server = null, data-dir = null, routing.retries = null, upstreams { a = null }, access.keys = [null] }");

        Assert.Equal(("data", 3, 0, 0), (options.DataDir, options.Routing.Retries, options.Upstreams.Length, options.Access.Keys.Length));
    }

    [Fact]
    public void Definitions_may_hold_anything_for_substitutions()
    {
        var options = _sample.Options("definitions { slow = 5m, more { x = [1] } }\nengine.server.drain-timeout = ${definitions.slow}");

        Assert.Equal(TimeSpan.FromMinutes(5), options.Server.DrainTimeout);
    }

    [Fact]
    public void Values_from_the_environment_are_converted_and_an_empty_variable_is_not_set()
    {
        _sample.Environment["RETRIES"] = "7";
        _sample.Environment["EMPTY"] = "";

        var options = _sample.Options("engine.routing { retries = ${RETRIES}, request-count = 9, request-count = ${?EMPTY} }");

        Assert.Equal((7, 9), (options.Routing.Retries, options.Routing.RequestCount));
    }

    [Fact]
    public void No_message_repeats_a_secret()
    {
        const string secret = "sk-very-secret";
        _sample.Environment["KEY"] = secret;
        var text = $$"""
            engine {
              server { drain-timeout = ${KEY}, listen = ["http://"${KEY}, ${KEY}], certificate = "{{secret}}" }
              access { mode = ${KEY}, keys = "{{secret}}", per-key = "{{secret}}" }
              management { password = [ "{{secret}}" ], allow-remote = ${KEY} }
              routing { strategy = x-${KEY}, flows { a = [ ${KEY} ], b = [ x/${KEY} ], c = "{{secret}}" } }
              upstreams {
                a {
                  dialect = ${KEY}, base-url = "http://user:{{secret}}@host", models = [ { alias = ${KEY} }, ${KEY}, ${KEY} ]
                  accounts = [ "{{secret}}", { name = a, api-key = { x = "{{secret}}" } }, { name = b, proxy-url = "ftp://u:{{secret}}@h" },
                               { name = c, api-key = ["{{secret}}"], weight = ${KEY}, headers { x = ["{{secret}}"], "b d" = "{{secret}}", Connection = "{{secret}}" } } ]
                }
              }
              telemetry { otlp-endpoint = "{{secret}}" }
            }
            """;

        var faults = _sample.Faults(text);

        Assert.True(faults.Length > 20, string.Join('\n', faults));
        Assert.DoesNotContain(faults, fault => fault.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void Printed_options_show_no_secret()
    {
        var options = _sample.Options("""
            engine.management.password = hunter2
            engine.access.keys = [hunter2]
            engine.upstreams.a { dialect = gemini, base-url = "http://h", models = [m]
              accounts = [{ api-key = hunter2, proxy-url = "http://u:hunter2@p", headers { a = hunter2 } }] }
            """);

        var printed = string.Join(' ', options, options.Management, options.Access.Keys[0], options.Upstreams[0].Accounts[0], options.Upstreams[0].Accounts[0].Proxy, options.Upstreams[0].Accounts[0].Headers[0]);
        Assert.Contains("***", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_a_fault()
    {
        var result = ConfigLoad.Load(Path.Combine(_sample.Folder, "none.hocon"), [], _ => null);

        Assert.Equal("there is no such file", Assert.Single(result.Faults).Message);
        Assert.Single(result.Files);
    }
}
