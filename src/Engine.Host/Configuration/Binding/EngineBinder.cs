using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary>The resolved tree → options. Knows every key; when it leaves a fault in the ledger, the options are not to be used.</summary>
internal static class EngineBinder
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    public static EngineOptions Bind(HoconObject root, BindingLedger ledger)
    {
        var file = SectionReader.Root(ledger, root);

        // A place for values that substitutions refer to: anything may stand there.
        file.Value("definitions");
        var engine = file.Section("engine");
        var (active, inactive) = UpstreamBinder.Bind(engine);
        var options = new EngineOptions
        {
            Server = ServerBinder.Bind(engine.Section("server")),
            DataDir = DataDir(engine),
            Persistence = Persistence(engine.Section("persistence")),
            Access = AccessBinder.Bind(engine.Section("access")),
            Management = Management(engine.Section("management")),
            Upstreams = active,
            InactiveUpstreams = inactive,
            Routing = RoutingBinder.Bind(engine.Section("routing"), [.. active, .. inactive]),
            Usage = Usage(engine.Section("usage")),
            RequestLog = RequestLog(engine.Section("request-log")),
            Telemetry = Telemetry(engine.Section("telemetry")),
        };
        engine.Finish();
        file.Finish();
        return options;
    }

    private static string DataDir(SectionReader engine)
    {
        var folder = engine.PathText("data-dir");
        if (folder is { Length: 0 })
        {
            engine.Fault("data-dir", "must name a folder");
        }

        return folder ?? new EngineOptions().DataDir;
    }

    private static PersistenceOptions Persistence(SectionReader reader)
    {
        var options = new PersistenceOptions
        {
            Provider = reader.Word("provider", new PersistenceOptions().Provider, ConfigWords.Providers),
            ConnectionString = reader.Secret("connection-string"),
            Retention = reader.Duration("retention", new PersistenceOptions().Retention, Hour, TenYears),
        };
        if (options is { Provider: PersistenceProvider.Postgres, ConnectionString: null })
        {
            reader.Fault("connection-string", "must be given for provider = postgres");
        }

        reader.Finish();
        return options;
    }

    private static ManagementOptions Management(SectionReader reader)
    {
        var options = new ManagementOptions
        {
            Password = reader.Secret("password"),
            AllowRemote = reader.Boolean("allow-remote", fallback: false),
        };
        reader.Finish();
        return options;
    }

    private static UsageOptions Usage(SectionReader reader)
    {
        var options = new UsageOptions { Retention = reader.Duration("retention", new UsageOptions().Retention, Hour, TenYears) };
        reader.Finish();
        return options;
    }

    private static RequestLogOptions RequestLog(SectionReader reader)
    {
        var options = new RequestLogOptions
        {
            Enabled = reader.Boolean("enabled", fallback: false),
            Bodies = reader.Boolean("bodies", fallback: false),
            Retention = reader.Duration("retention", new RequestLogOptions().Retention, Hour, TenYears),
        };
        reader.Finish();
        return options;
    }

    private static TelemetryOptions Telemetry(SectionReader reader)
    {
        var options = new TelemetryOptions
        {
            Prometheus = reader.Boolean("prometheus", fallback: true),
            OtlpEndpoint = UrlReader.Http(reader, "otlp-endpoint"),
        };
        reader.Finish();
        return options;
    }
}
