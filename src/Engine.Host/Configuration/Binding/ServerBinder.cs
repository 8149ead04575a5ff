using System.Collections.Immutable;
using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration.Binding;

/// <summary><c>engine.server</c>.</summary>
internal static class ServerBinder
{
    private const long Smallest = 1 << 10;
    private const long Largest = 1 << 30;

    public static ServerOptions Bind(SectionReader reader)
    {
        var standard = new ServerOptions();
        var faults = reader.Ledger.Faults.Count;
        var section = reader.Section("certificate");
        var certificate = Certificate(section);
        var isCertificateFaulty = section.IsBroken || reader.Ledger.Faults.Count > faults;
        var options = new ServerOptions
        {
            Listen = Listen(reader, standard.Listen),
            Certificate = certificate,
            MaxRequestBody = reader.Bytes("max-request-body", standard.MaxRequestBody, Smallest, Largest),
            MaxDecompressedBody = reader.Bytes("max-decompressed-body", standard.MaxDecompressedBody, Smallest, Largest),
            MaxResponseEvent = reader.Bytes("max-response-event", standard.MaxResponseEvent, Smallest, Largest),
            DrainTimeout = reader.Duration("drain-timeout", standard.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1)),
            HeartbeatInterval = reader.Duration(
                "heartbeat-interval", standard.HeartbeatInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)),
        };
        if (certificate is null && !isCertificateFaulty && options.Listen.Any(address => address.IsHttps))
        {
            reader.Fault("listen", "has an https:// address, so server.certificate { path, key-path } must be given");
        }

        reader.Finish();
        return options;
    }

    private static ImmutableArray<ListenAddress> Listen(SectionReader reader, ImmutableArray<ListenAddress> standard)
    {
        if (reader.List("listen") is not { } items)
        {
            return standard;
        }

        var addresses = ImmutableArray.CreateBuilder<ListenAddress>();
        foreach (var item in items)
        {
            var path = $"{reader.Path}.listen";
            if (reader.TextOf(item, path) is not { } text)
            {
                continue;
            }

            if (ListenAddress.Parse(text) is not { } address)
            {
                reader.Ledger.Fault(item.Origin, $"{path} takes {ListenAddress.Allowed}, not {SectionReader.Show(item)}");
            }
            else if (address.Port != 0 && addresses.Contains(address))
            {
                reader.Ledger.Fault(item.Origin, $"{path} has {address} twice");
            }
            else
            {
                addresses.Add(address);
            }
        }

        if (reader.Value("listen") is HoconList { Items.Count: 0 })
        {
            reader.Fault("listen", $"must hold at least one address: {ListenAddress.Allowed}");
        }

        return addresses.ToImmutable();
    }

    private static CertificateOptions? Certificate(SectionReader reader)
    {
        var path = PemFile(reader, "path");
        var keyPath = PemFile(reader, "key-path");
        foreach (var (key, other) in new[] { ("path", "key-path"), ("key-path", "path") })
        {
            if (!reader.Has(key) && reader.Has(other))
            {
                reader.Fault(key, $"must be given beside {other}");
            }
        }

        reader.Finish();
        return path is null || keyPath is null ? null : new CertificateOptions(path, keyPath);
    }

    private static string? PemFile(SectionReader reader, string key)
    {
        var path = reader.FullPath(key);
        if (path is not null && !File.Exists(path))
        {
            reader.Fault(key, $"names a file that does not exist: {path}");
        }

        return path;
    }
}
