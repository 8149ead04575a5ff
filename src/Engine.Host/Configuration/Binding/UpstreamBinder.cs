using System.Collections.Immutable;
using Engine.Host.Configuration.Hocon;
using Engine.Host.Recording;

namespace Engine.Host.Configuration.Binding;

/// <summary><c>engine.upstreams</c>.</summary>
internal static class UpstreamBinder
{
    // What the engine can call. The other dialects are checked like these and then left out.
    private static readonly UpstreamDialect[] Spoken =
        [UpstreamDialect.OpenAiChat, UpstreamDialect.Anthropic, UpstreamDialect.Gemini, UpstreamDialect.Replay];

    /// <summary>The upstreams that can serve, and those that lack something an operator may still set.</summary>
    public static (ImmutableArray<UpstreamOptions> Active, ImmutableArray<UpstreamOptions> Inactive) Bind(SectionReader engine)
    {
        var active = ImmutableArray.CreateBuilder<UpstreamOptions>();
        var inactive = ImmutableArray.CreateBuilder<UpstreamOptions>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, reader) in engine.Named("upstreams"))
        {
            if (!Names.IsName(name))
            {
                engine.Ledger.Fault(reader.Origin, $"{reader.Path}: the name of an upstream must be {Names.Allowed}");
            }

            if (!names.Add(name))
            {
                engine.Ledger.Fault(reader.Origin, $"{reader.Path}: there is an upstream of this name already, in another case");
            }

            var upstream = Upstream(name, reader, out var lack);
            reader.Finish();
            (lack is null ? active : inactive).Add(upstream);
            if (lack is not null)
            {
                engine.Ledger.Notice(reader.Origin, $"the upstream {name} is inactive: {lack}");
            }
        }

        return (active.ToImmutable(), inactive.ToImmutable());
    }

    private static UpstreamOptions Upstream(string name, SectionReader reader, out string? lack)
    {
        if (reader.Lacks("dialect"))
        {
            reader.Fault("dialect", $"must be given: one of {string.Join(", ", ConfigWords.Dialects.All)}");
        }

        var dialect = reader.Word("dialect", default(UpstreamDialect), ConfigWords.Dialects);
        var isReplay = dialect == UpstreamDialect.Replay;
        var accounts = AccountBinder.Bind(name, dialect, reader, out var accountLack);
        var upstream = new UpstreamOptions
        {
            Name = name,
            Dialect = dialect,
            BaseUrl = BaseUrl(name, dialect, reader),
            Models = ModelBinder.Bind(reader),
            Discover = reader.Boolean("discover", fallback: false),
            Fallback = reader.Boolean("fallback", fallback: false),
            Accounts = accounts,
            Timeouts = Timeouts(reader.Section("timeouts")),
            Record = reader.FullPath("record"),
            Replay = Replay(reader, isReplay),
        };
        if (!upstream.Discover && (reader.Lacks("models") || reader.Value("models") is HoconList { Items.Count: 0 }))
        {
            reader.Fault("models", "must name at least one model, or discover = true must ask the upstream for its own");
        }

        lack = (Spoken.Contains(dialect) ? null : $"this version does not speak {ConfigWords.Dialects.Of(dialect)} yet")
            ?? accountLack
            ?? (upstream.BaseUrl is null && reader.Vanished("base-url") is { } unset ? Names.NotSet(unset) : null)
            ?? (upstream.Replay is { } replay && !Directory.Exists(replay.Fixtures) ? $"there is no folder {replay.Fixtures}" : null);
        return upstream;
    }

    private static Uri? BaseUrl(string name, UpstreamDialect dialect, SectionReader reader)
    {
        var url = UrlReader.Http(reader, "base-url");
        if (dialect == UpstreamDialect.Replay)
        {
            if (reader.Has("base-url"))
            {
                reader.Fault("base-url", "is not for dialect = replay, which reads a folder");
            }

            return null;
        }

        if ((reader.Lacks("base-url") || reader.Value("base-url") is HoconScalar { Text: "" }) && reader.Vanished("base-url") is null)
        {
            reader.Fault("base-url", "must be given");
        }

        // The engine adds the path of the dialect; a base that already ends in its beginning would double it.
        var doubled = dialect switch
        {
            UpstreamDialect.Anthropic => "/v1",
            UpstreamDialect.Gemini => "/v1beta",
            UpstreamDialect.CodeAssist => "/v1internal",
            UpstreamDialect.Ollama => "/api",
            _ => null,
        };
        if (url is not null && doubled is not null && url.AbsolutePath.EndsWith(doubled, StringComparison.Ordinal))
        {
            reader.Ledger.Notice(
                reader.OriginOf("base-url"),
                $"the base-url of the upstream {name} ends in {doubled}, which the engine adds itself: it should stop before that");
        }

        return url;
    }

    private static TimeoutOptions Timeouts(SectionReader reader)
    {
        var (least, hour) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        var standard = new TimeoutOptions();
        var options = new TimeoutOptions
        {
            Connect = reader.Duration("connect", standard.Connect, least, hour),
            FirstByte = reader.Duration("first-byte", standard.FirstByte, least, hour),
            Idle = reader.Duration("idle", standard.Idle, least, hour),
        };
        reader.Finish();
        return options;
    }

    private static ReplayOptions? Replay(SectionReader reader, bool isReplay)
    {
        var fixtures = reader.FullPath("fixtures");
        var speed = reader.Text("speed");
        foreach (var key in new[] { "fixtures", "speed" })
        {
            if (!isReplay && reader.Has(key))
            {
                reader.Fault(key, "is for dialect = replay only");
            }
        }

        if (!isReplay)
        {
            return null;
        }

        if (reader.Lacks("fixtures") || reader.Value("fixtures") is HoconScalar { Text: "" })
        {
            reader.Fault("fixtures", "must name the folder of the recorded exchanges");
        }

        var pace = ReplaySpeed.Recorded;
        if (speed is not (null or "recorded") && !ReplaySpeed.TryParse(speed, out pace))
        {
            reader.Fault("speed", "must be a number from 0.001 to 1000000 (2 plays twice as fast), recorded, or max");
        }

        return new ReplayOptions(fixtures ?? "", pace);
    }
}
