using System.Globalization;
using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary>
/// Typed access to one object of the configuration. Each read makes its key known, even when the object is not there; a
/// missing or null value gives the fallback, a wrong one a fault and the fallback. <see cref="Finish"/> names what is left.
/// </summary>
internal sealed class SectionReader
{
    private readonly HoconObject? _fields;
    private readonly string _pattern;
    private readonly List<string> _known = [];

    private SectionReader(BindingLedger ledger, HoconValue? value, HoconOrigin origin, string path, string pattern)
    {
        Ledger = ledger;
        Origin = origin;
        Path = path;
        _fields = value as HoconObject;
        IsBroken = value is not null and not HoconObject;
        _pattern = pattern;
    }

    private delegate bool Parser<T>(string text, out T value);

    public BindingLedger Ledger { get; }

    public HoconOrigin Origin { get; }

    /// <summary>As messages name it.</summary>
    public string Path { get; }

    public static SectionReader Root(BindingLedger ledger, HoconObject root) => new(ledger, root, root.Origin, "", "");

    /// <summary>The value of a key; null when it is absent, null, or already known to be faulty.</summary>
    public HoconValue? Value(string key)
    {
        _known.Add(key);
        Ledger.KnownKeys.Add(Join(_pattern, key));
        return Given(_fields?.Find(key)?.Value);
    }

    /// <summary>Whether something stands here that is no object, so that a fault is known already.</summary>
    public bool IsBroken { get; }

    /// <summary>Whether a key has a value, be it a faulty one.</summary>
    public bool Has(string key) => _fields?.Find(key)?.Value is not (null or HoconScalar { Kind: HoconLiteralKind.Null });

    /// <summary>Whether a key that must be there is not. Nothing is lacking where the whole section is faulty.</summary>
    public bool Lacks(string key) => !IsBroken && !Has(key);

    /// <summary>What an absent key asked for in vain: names of environment variables; null when it was not written at all.</summary>
    public HoconVanished? Vanished(string key) => _fields?.Vanished.FirstOrDefault(field => field.Key == key);

    /// <summary>Where to point at for a fault about a key: its value, or this section when it has none.</summary>
    public HoconOrigin OriginOf(string key) => _fields?.Find(key)?.Value.Origin ?? Origin;

    public void Fault(string key, string message) => Ledger.Fault(OriginOf(key), $"{Join(Path, key)} {message}");

    public SectionReader Section(string key)
    {
        if (Value(key) is { } value and not HoconObject)
        {
            Fault(key, $"must be an object {{ … }}, not {KindOf(value)}");
        }

        return new SectionReader(Ledger, _fields?.Find(key)?.Value, OriginOf(key), Join(Path, key), Join(_pattern, key));
    }

    /// <summary>The entries of an object whose keys are names that the operator chose.</summary>
    public IEnumerable<(string Name, SectionReader Reader)> Named(string key)
    {
        foreach (var (name, value) in Entries(key))
        {
            var path = Join(Join(Path, key), HoconPath.Render([name]));
            if (value is not HoconObject)
            {
                Ledger.Fault(value.Origin, $"{path} must be an object {{ … }}, not {KindOf(value)}");
            }

            yield return (name, new SectionReader(Ledger, value, value.Origin, path, Join(Join(_pattern, key), "NAME")));
        }
    }

    /// <summary>The fields of an object whose keys are free.</summary>
    public IEnumerable<(string Name, HoconValue Value)> Entries(string key)
    {
        var value = Value(key);
        if (value is HoconObject fields)
        {
            Ledger.KnownKeys.Add(Join(Join(_pattern, key), "NAME"));
            return fields.Fields.Where(field => Given(field.Value) is not null).Select(field => (field.Key, field.Value));
        }

        if (value is not null)
        {
            Fault(key, $"must be an object {{ … }}, not {KindOf(value)}");
        }

        return [];
    }

    /// <summary>The elements of a list, or of an object with numbers for keys; null when the key is absent.</summary>
    public IReadOnlyList<HoconValue>? List(string key)
    {
        switch (Value(key))
        {
            case null:
                return null;
            case HoconList list:
                return [.. list.Items.Where(item => Given(item) is not null)];
            case HoconObject fields when fields.Fields.Any(field => IndexOf(field) >= 0):
                return [.. fields.Fields.Where(field => IndexOf(field) >= 0).OrderBy(IndexOf).Select(field => field.Value)];
            case var other:
                Fault(key, $"must be a list [ … ], not {KindOf(other)}");
                return [];
        }
    }

    /// <summary>An element of a list that is an object.</summary>
    public SectionReader Element(string key, int index, HoconObject element) =>
        new(Ledger, element, element.Origin, $"{Join(Path, key)}[{index}]", $"{Join(_pattern, key)}[]");

    public string? Text(string key) => Value(key) is { } value ? TextOf(value, Join(Path, key)) : null;

    /// <summary>The name of a file or folder as written; null when it is absent or faulty, empty when it is empty.</summary>
    public string? PathText(string key)
    {
        if (Text(key) is not { } path)
        {
            return null;
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            Fault(key, "may not hold a NUL character");
            return null;
        }

        return path;
    }

    /// <summary>The same as an absolute path; null when it is empty, too.</summary>
    public string? FullPath(string key) => PathText(key) is { Length: > 0 } path ? Ledger.FullPath(OriginOf(key), path) : null;

    /// <summary>The text of a value that must be a simple one; null after a fault.</summary>
    public string? TextOf(HoconValue value, string path)
    {
        if (value is HoconScalar scalar)
        {
            return scalar.Text;
        }

        Ledger.Fault(value.Origin, $"{path} must be a string, not {KindOf(value)}");
        return null;
    }

    /// <summary>Null when it is absent or empty. No message shows it.</summary>
    public Secret? Secret(string key) => Text(key) is { Length: > 0 } text ? new Secret(text) : null;

    public bool Boolean(string key, bool fallback) => Scalar(key, fallback, "true or false", (string text, out bool value) =>
    {
        value = text is "true" or "yes" or "on";
        return value || text is "false" or "no" or "off";
    });

    public long Number(string key, long fallback, long from, long to) => Scalar(
        key, fallback, $"a whole number from {from} to {to}", (string text, out long value) =>
        {
            var isNumber = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number == decimal.Truncate(number) && number >= from && number <= to;
            value = isNumber ? (long)number : 0;
            return isNumber;
        });

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan from, TimeSpan to) => Scalar(
        key, fallback, $"a duration from {Show(from)} to {Show(to)}, such as {Show(fallback)}", (string text, out TimeSpan value) =>
        {
            value = HoconUnits.Duration(text) ?? TimeSpan.MinValue;
            return value >= from && value <= to;
        });

    public long Bytes(string key, long fallback, long from, long to) => Scalar(
        key, fallback, $"a size from {from >> 10}KiB to {to >> 20}MiB, such as {fallback >> 20}MiB", (string text, out long value) =>
        {
            value = HoconUnits.Bytes(text) ?? -1;
            return value >= from && value <= to;
        });

    public T Word<T>(string key, T fallback, Words<T> words)
        where T : struct, Enum
    {
        var value = Value(key);
        if (value is HoconScalar scalar && words.TryRead(scalar.Text, out var read))
        {
            return read;
        }

        if (value is not null)
        {
            var nearest = value is HoconScalar { IsFromEnvironment: false } written
                ? $"; did you mean {NearestWord.Of(written.Text, words.All)}?"
                : "";
            Fault(key, $"must be one of {string.Join(", ", words.All)}, not {Show(value)}{nearest}");
        }

        return fallback;
    }

    /// <summary>Records a fault for every key that nobody asked for.</summary>
    public void Finish()
    {
        foreach (var field in _fields?.Fields ?? [])
        {
            Unknown(field.Key, field.Origin);
        }

        foreach (var field in _fields?.Vanished ?? [])
        {
            Unknown(field.Key, field.Origin);
        }
    }

    /// <summary>What a message may say of a value that may be a secret in the wrong place.</summary>
    public static string KindOf(HoconValue value) => value switch
    {
        HoconObject => "an object",
        HoconList => "a list",
        HoconScalar { Kind: HoconLiteralKind.Number } => "a number",
        HoconScalar { Kind: HoconLiteralKind.Boolean } => "a boolean",
        _ => "a string",
    };

    /// <summary>What a message may say of a value where nobody writes a secret: still not what came from the environment.</summary>
    public static string Show(HoconValue value) => value switch
    {
        HoconScalar { IsFromEnvironment: true } => "what the environment holds",
        HoconScalar { Text: { Length: > 60 } text } => $"\"{text[..60]}…\"",
        HoconScalar scalar => $"\"{scalar.Text}\"",
        _ => KindOf(value),
    };

    private static string Show(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => "0s",
        _ when duration.Ticks % TimeSpan.TicksPerDay == 0 => $"{duration.TotalDays}d",
        _ when duration.Ticks % TimeSpan.TicksPerHour == 0 => $"{duration.TotalHours}h",
        _ when duration.Ticks % TimeSpan.TicksPerMinute == 0 => $"{duration.TotalMinutes}m",
        _ when duration.Ticks % TimeSpan.TicksPerSecond == 0 => $"{duration.TotalSeconds}s",
        _ => $"{duration.TotalMilliseconds}ms",
    };

    private static HoconValue? Given(HoconValue? value) =>
        value is HoconBroken or HoconScalar { Kind: HoconLiteralKind.Null } ? null : value;

    private static int IndexOf(HoconField field) =>
        int.TryParse(field.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1;

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private T Scalar<T>(string key, T fallback, string allowed, Parser<T> parse)
    {
        var value = Value(key);
        if (value is HoconScalar scalar && parse(scalar.Text, out var read))
        {
            return read;
        }

        if (value is not null)
        {
            Fault(key, $"must be {allowed}, not {Show(value)}");
        }

        return fallback;
    }

    private void Unknown(string key, HoconOrigin origin)
    {
        if (!_known.Contains(key))
        {
            var place = Path.Length == 0 ? "" : $" in {Path}";
            Ledger.Fault(origin, $"unknown key \"{key}\"{place}; did you mean \"{NearestWord.Of(key, _known)}\"?");
        }
    }
}
