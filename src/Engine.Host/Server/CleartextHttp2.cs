using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Engine.Host.Server;

/// <summary>
/// HTTP/1.1 and HTTP/2 on one plain-text port: a connection that opens with HTTP/2's preface (RFC 9113 §3.4, prior knowledge) is
/// given to HTTP/2. The server chooses by the TLS features of a connection, so such a connection is given the ones that say
/// <c>h2</c> was negotiated.
/// </summary>
internal static class CleartextHttp2
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    /// <summary>Connection middleware for plain-text listeners.</summary>
    public static ConnectionDelegate Use(ConnectionDelegate next) => async connection =>
    {
        if (await OpensWithPrefaceAsync(connection))
        {
            var marker = new NegotiatedHttp2();
            connection.Features.Set<ITlsConnectionFeature>(marker);
            connection.Features.Set<ITlsApplicationProtocolFeature>(marker);
        }

        await next(connection);
    };

    private static async Task<bool> OpensWithPrefaceAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(connection.ConnectionClosed);
            var buffer = read.Buffer;
            var matches = Matches(buffer);
            var decided = !matches || buffer.Length >= Preface.Length || read.IsCompleted;
            // Nothing is consumed; without a decision more bytes are awaited.
            input.AdvanceTo(buffer.Start, decided ? buffer.Start : buffer.End);
            if (decided)
            {
                return matches && buffer.Length >= Preface.Length;
            }
        }
    }

    private static bool Matches(ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[Preface.Length];
        var seen = buffer.Slice(0, Math.Min(buffer.Length, Preface.Length));
        seen.CopyTo(start);
        return start[..(int)seen.Length].SequenceEqual(Preface.AsSpan(0, (int)seen.Length));
    }

    private sealed class NegotiatedHttp2 : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}
