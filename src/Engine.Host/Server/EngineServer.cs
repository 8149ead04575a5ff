using System.Net;
using System.Security.Cryptography.X509Certificates;
using Engine.Host.Configuration;
using Engine.Host.Management;
using Engine.Host.Surfaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Engine.Host.Server;

/// <summary>
/// Raw Kestrel around the dispatcher: HTTP/1.1 and HTTP/2 on every listener, no middleware, no endpoint routing. Stopping it
/// accepts nothing new and lets streams in flight finish within the drain timeout.
/// </summary>
internal sealed class EngineServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LiveState _live;

    private EngineServer(WebApplication app, LiveState live)
    {
        _app = app;
        _live = live;
    }

    /// <summary>Where it really listens, also after port 0 was asked for.</summary>
    public IReadOnlyList<Uri> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">An address is in use, or is not one of this machine.</exception>
    public static async Task<EngineServer> StartAsync(ServerOptions options, LiveState live, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        // The commands own the process's signals.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options));

        var app = builder.Build();
        var routes = new RouteTable(
        [
            .. OpenAiSurface.Routes(),
            .. AnthropicSurface.Routes(),
            .. GeminiSurface.Routes(),
            .. ModelsSurface.Routes(),
            .. ServerSurface.Routes(live),
            .. AccountsApi.Routes(),
            .. DecisionsApi.Routes(),
        ]);
        app.Run(new RequestDispatcher(routes, live, time, logs.CreateLogger<RequestDispatcher>()).InvokeAsync);
        var server = new EngineServer(app, live);
        try
        {
            await app.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops accepting, waits for streams in flight up to the drain timeout, then breaks what is left.</summary>
    public async Task StopAsync()
    {
        _live.IsDraining = true;
        await _app.StopAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        // A prior-knowledge HTTP/2 connection says http where its features say TLS.
        kestrel.AllowAlternateSchemes = true;
        // The body's bound is ours, so that its 413 is in the caller's dialect.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(15));
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1024;
        kestrel.Limits.Http2.InitialStreamWindowSize = 1 << 20;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 4 << 20;
        foreach (var listen in options.Listen)
        {
            Listen(kestrel, listen, listener =>
            {
                listener.Protocols = HttpProtocols.Http1AndHttp2;
                if (listen.IsHttps)
                {
                    listener.UseHttps(Certificate(options));
                }
                else
                {
                    listener.Use(CleartextHttp2.Use);
                }
            });
        }
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress listen, Action<ListenOptions> configure)
    {
        switch (listen.Host)
        {
            // A free port cannot be asked for on both loopback addresses at once.
            case "localhost" when listen.Port != 0:
                kestrel.ListenLocalhost(listen.Port, configure);
                break;
            case "localhost":
                kestrel.Listen(IPAddress.Loopback, listen.Port, configure);
                break;
            case "*":
                kestrel.ListenAnyIP(listen.Port, configure);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(listen.Host), listen.Port, configure);
                break;
        }
    }

    private static X509Certificate2 Certificate(ServerOptions options) =>
        X509Certificate2.CreateFromPemFile(options.Certificate!.Path, options.Certificate.KeyPath);

    private sealed class NoLifetime : IHostLifetime
    {
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
