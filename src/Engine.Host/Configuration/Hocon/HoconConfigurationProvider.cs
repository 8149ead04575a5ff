using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Engine.Host.Configuration.Hocon;

/// <summary>The resolved tree as flat keys: <c>a.b = [x]</c> is <c>a:b:0</c>. Null becomes null, an empty list an empty text.</summary>
internal sealed class HoconConfigurationProvider(HoconConfigurationSource source) : ConfigurationProvider, IDisposable
{
    private HoconFileWatch? _watch;

    /// <summary>Loads the file, and begins to watch it where that is wished.</summary>
    /// <exception cref="InvalidDataException">The file has faults; the message holds one line for each.</exception>
    public override void Load()
    {
        var result = HoconLoad.FromFile(source.Path, source.Environment);
        if (result.Root is not null && result.Faults.Count == 0)
        {
            Data = Flatten(result.Root);
        }
        else if (!source.Optional || File.Exists(source.Path))
        {
            throw new InvalidDataException(string.Join('\n', result.Faults));
        }

        if (source.ReloadOnChange && _watch is null)
        {
            _watch = new HoconFileWatch(result.Files, Reload, source.Time);
            _watch.Start();
        }
    }

    public void Dispose() => _watch?.Dispose();

    private static Dictionary<string, string?> Flatten(HoconValue root)
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Flatten(root, "", data);
        return data;
    }

    private static void Flatten(HoconValue value, string path, Dictionary<string, string?> data)
    {
        switch (value)
        {
            case HoconObject { Fields: { Count: > 0 } fields }:
                foreach (var field in fields)
                {
                    Flatten(field.Value, Join(path, field.Key), data);
                }

                break;
            case HoconList { Items: { Count: > 0 } items }:
                for (var i = 0; i < items.Count; i++)
                {
                    Flatten(items[i], Join(path, i.ToString(CultureInfo.InvariantCulture)), data);
                }

                break;
            case HoconScalar { Kind: not HoconLiteralKind.Null } scalar:
                data[path] = scalar.Text;
                break;
            default:
                if (path.Length > 0)
                {
                    data[path] = value is HoconList ? "" : null;
                }

                break;
        }
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : ConfigurationPath.Combine(path, key);

    private IReadOnlyCollection<HoconFile> Reload()
    {
        var result = HoconLoad.FromFile(source.Path, source.Environment);
        if (result.Root is not null && result.Faults.Count == 0)
        {
            Data = Flatten(result.Root);
            OnReload();
        }
        else
        {
            source.Refused?.Invoke(result.Faults);
        }

        return result.Files;
    }
}
