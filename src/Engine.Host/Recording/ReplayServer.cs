using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Engine.Host.Recording;

/// <summary>
/// A <see cref="ReplayUpstream"/> behind a socket of its own: HTTP/1.1, every path, one flush per recorded piece. It logs
/// nothing. Disposing of it breaks what is still in flight.
/// </summary>
internal sealed class ReplayServer : IAsyncDisposable
{
    internal const long MaxRequestBody = 64 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly ReplayUpstream _upstream;
    private readonly CancellationTokenSource _stopping = new();

    private ReplayServer(WebApplication app, ReplayUpstream upstream)
    {
        _app = app;
        _upstream = upstream;
        app.Run(AnswerAsync);
    }

    /// <summary>Where it really listens, also after port 0 was asked for.</summary>
    internal Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The address is in use, or is not one of this machine.</exception>
    internal static async Task<ReplayServer> StartAsync(ReplayUpstream upstream, IPEndPoint listen, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
            kestrel.Listen(listen, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        var server = new ReplayServer(builder.Build(), upstream);
        try
        {
            await server._app.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.Equals("/health", StringComparison.Ordinal))
        {
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            await using var answer = await AskAsync(context, either.Token);
            await SendAsync(answer, context.Response, either.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the server stops.
            context.Abort();
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The recording ends in a broken connection. Thrown on after the head, Kestrel sends what was written and closes
            // without the end of the body; an abort would take the last bytes along.
            await context.Response.BodyWriter.FlushAsync(either.Token);
            throw;
        }
    }

    private async ValueTask<ReplayResponse> AskAsync(HttpContext context, CancellationToken cancellation)
    {
        var request = context.Request;
        var target = request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        var headers = request.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()));
        using var body = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, MaxRequestBody));
        try
        {
            await request.Body.CopyToAsync(body, cancellation);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException fault)
        {
            var dialect = FixtureEndpoint.Classify(request.Method, target, headers).Dialect;
            return _upstream.Refuse(dialect, fault.StatusCode, "The request body could not be read.");
        }

        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        return await _upstream.SendAsync(new ReplayRequest(request.Method, target, headers, bytes), cancellation);
    }

    private static async Task SendAsync(ReplayResponse answer, HttpResponse response, CancellationToken cancellation)
    {
        response.StatusCode = answer.Status;
        response.ContentLength = answer.Length;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.Append(name, value);
        }

        if (answer.FixtureName is { } fixture)
        {
            response.Headers["x-replay-fixture"] = Uri.EscapeDataString(fixture);
        }

        if (!answer.Body.IsDue)
        {
            await response.BodyWriter.FlushAsync(cancellation);
        }

        while (await answer.Body.NextAsync(cancellation) is { IsEmpty: false } piece)
        {
            await response.BodyWriter.WriteAsync(piece, cancellation);
        }
    }
}
