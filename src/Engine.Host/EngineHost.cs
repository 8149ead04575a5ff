using Engine.Host.Configuration;
using Engine.Host.Server;
using Microsoft.Extensions.Logging;

namespace Engine.Host;

/// <summary>A running engine: config, state, server, and the watch that replaces the state when the config changes.</summary>
internal sealed partial class EngineHost : IAsyncDisposable
{
    private readonly Composition _composition;
    private readonly EngineServer _server;
    private readonly ConfigWatch _watch;

    private EngineHost(Composition composition, EngineServer server, ConfigWatch watch)
    {
        _composition = composition;
        _server = server;
        _watch = watch;
    }

    /// <summary>Where it really listens.</summary>
    public IReadOnlyList<Uri> Addresses => _server.Addresses;

    /// <summary>Starts an engine.</summary>
    /// <exception cref="ConfigFaultException">The config has faults; all of them are listed.</exception>
    /// <exception cref="IOException">An address cannot be listened on.</exception>
    public static async Task<EngineHost> StartAsync(
        string config, IReadOnlyList<string> overrides, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        throw new NotImplementedException();
    }
}
