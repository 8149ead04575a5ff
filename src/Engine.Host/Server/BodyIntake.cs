using System.Buffers;
using System.Globalization;
using Engine.Host.Inflating;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Server;

/// <summary>Reads a request's body into pooled memory, inflated, within its bounds.</summary>
internal static class BodyIntake
{
    /// <summary>The whole body. The caller disposes it when no slice of it is needed any more.</summary>
    /// <exception cref="RequestRejectedException">Too large, in an unknown encoding, or damaged.</exception>
    public static async Task<PooledBody> ReadAsync(HttpRequest request, EngineState state)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        var body = await ReceiveAsync(request, state.MaxRequestBody);
        if (!BodyInflater.IsNeeded(encoding))
        {
            return body;
        }

        using (body)
        {
            var result = BodyInflater.Inflate(encoding, new ReadOnlySequence<byte>(body.Memory), state.MaxInflatedBody);
            return result.Body ?? throw Rejected(result.Failure!);
        }
    }

    private static async Task<PooledBody> ReceiveAsync(HttpRequest request, int maximum)
    {
        if (request.ContentLength > maximum)
        {
            throw TooLarge(maximum);
        }

        using var builder = new PooledBodyBuilder(maximum);
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            if (builder.Written + read.Buffer.Length > maximum)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw TooLarge(maximum);
            }

            foreach (var segment in read.Buffer)
            {
                builder.Append(segment.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return builder.Detach();
            }
        }
    }

    private static RequestRejectedException TooLarge(int maximum) => new(
        ErrorKind.BodyTooLarge,
        "",
        string.Create(CultureInfo.InvariantCulture, $"The request body is larger than the {maximum} bytes this server takes (engine.server.max-request-body)."));

    private static RequestRejectedException Rejected(InflateFailure failure) => new(
        failure.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => ErrorKind.BodyTooLarge,
            StatusCodes.Status415UnsupportedMediaType => ErrorKind.UnsupportedMediaType,
            _ => ErrorKind.Invalid,
        },
        "",
        failure.Message);
}
