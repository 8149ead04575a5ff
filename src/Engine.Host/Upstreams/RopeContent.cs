using System.Net;
using System.Net.Http.Headers;
using Engine.Wire.Json;

namespace Engine.Host.Upstreams;

/// <summary>A <see cref="BodyRope"/> as HTTP content: known length, segments written in order, nothing copied but by the socket.</summary>
internal sealed class RopeContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly BodyRope _rope;

    public RopeContent(BodyRope rope)
    {
        _rope = rope;
        Headers.ContentType = Json;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var segment in _rope.Segments)
        {
            await stream.WriteAsync(segment, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _rope.Length;
        return true;
    }
}
