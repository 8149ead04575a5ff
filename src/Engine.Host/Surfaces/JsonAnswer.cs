using Microsoft.AspNetCore.Http;

namespace Engine.Host.Surfaces;

/// <summary>Writes a small JSON answer.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync(HttpResponse response, int status, ReadOnlyMemory<byte> body)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body, response.HttpContext.RequestAborted);
        }
    }
}
