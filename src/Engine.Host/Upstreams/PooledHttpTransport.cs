using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Engine.Host.Configuration;

namespace Engine.Host.Upstreams;

/// <summary>
/// Calls over pooled connections of the framework's client: HTTP/2 where TLS negotiates it, else HTTP/1.1. One pool per proxy and
/// connect timeout. Bodies come as they are on the wire: no redirects, cookies or decompression.
/// </summary>
internal sealed class PooledHttpTransport : IUpstreamTransport, IDisposable
{
    // Below the idle limits of the peers we know (60 s and more), so that we close first and seldom meet a dead connection.
    private static readonly TimeSpan PoolIdle = TimeSpan.FromSeconds(45);
    private static readonly HttpRequestOptionsKey<ConnectionMark> Mark = new("connection");

    private readonly ConcurrentDictionary<PoolKey, HttpMessageInvoker> _pools = new();

    public async ValueTask<UpstreamResponse> SendAsync(UpstreamCall call, CancellationToken cancellation)
    {
        var pool = _pools.GetOrAdd(new PoolKey(call.Proxy, call.ConnectTimeout, call.FreshConnection), static key => NewPool(key));
        var mark = new ConnectionMark();
        var message = NewMessage(call, mark);
        try
        {
            var response = await pool.SendAsync(message, cancellation);
            var body = await response.Content.ReadAsStreamAsync(cancellation);
            return new UpstreamResponse((int)response.StatusCode, HeadersOf(response), body, response);
        }
        catch (HttpRequestException fault)
        {
            message.Dispose();
            throw new UpstreamUnreachableException(Describe(fault.HttpRequestError), !mark.Connected, fault);
        }
        catch (IOException fault)
        {
            message.Dispose();
            throw new UpstreamUnreachableException("The upstream closed the connection before it answered.", !mark.Connected, fault);
        }
        catch (OperationCanceledException)
        {
            message.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }
    }

    private static HttpRequestMessage NewMessage(UpstreamCall call, ConnectionMark mark)
    {
        var message = new HttpRequestMessage(new HttpMethod(call.Method), call.Url)
        {
            Version = call.Url.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (call.Body is not null)
        {
            message.Content = new RopeContent(call.Body);
        }

        foreach (var (name, value) in call.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value) && message.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        message.Options.Set(Mark, mark);
        return message;
    }

    private static HttpMessageInvoker NewPool(PoolKey key)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = key.Proxy is not null,
            Proxy = key.Proxy is { } proxy ? NewProxy(proxy) : null,
            ConnectTimeout = key.ConnectTimeout,
            PooledConnectionIdleTimeout = PoolIdle,
            PooledConnectionLifetime = key.Fresh ? TimeSpan.Zero : TimeSpan.FromMinutes(15),
            MaxConnectionsPerServer = int.MaxValue,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            ResponseDrainTimeout = TimeSpan.Zero,
            ActivityHeadersPropagator = null,
        };
        handler.ConnectCallback = static async (context, cancellation) =>
        {
            if (context.InitialRequestMessage.Options.TryGetValue(Mark, out var mark))
            {
                mark.Connected = true;
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        return new HttpMessageInvoker(handler);
    }

    private static WebProxy NewProxy(ProxyOptions proxy) => new(proxy.Address)
    {
        Credentials = proxy.User is { } user ? new NetworkCredential(user, proxy.Password?.Reveal()) : null,
    };

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(HttpResponseMessage response)
    {
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            yield return new(name, values.ToString());
        }

        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            yield return new(name, values.ToString());
        }
    }

    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "The upstream's host name does not resolve.",
        HttpRequestError.ConnectionError => "The upstream does not accept connections.",
        HttpRequestError.SecureConnectionError => "No secure connection to the upstream could be made.",
        HttpRequestError.ProxyTunnelError => "The proxy does not reach the upstream.",
        HttpRequestError.ResponseEnded => "The upstream closed the connection before it answered.",
        _ => "The upstream did not answer with HTTP.",
    };

    private sealed class ConnectionMark
    {
        public bool Connected { get; set; }
    }

    private readonly record struct PoolKey(ProxyOptions? Proxy, TimeSpan ConnectTimeout, bool Fresh);
}
