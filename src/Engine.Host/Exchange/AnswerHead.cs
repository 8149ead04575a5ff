using System.Globalization;
using System.Text;
using Engine.Wire.Completion.Request;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Exchange;

/// <summary>The headers every proxied answer carries (contract.md, errors).</summary>
internal static class AnswerHead
{
    private const int MaxWarnings = 2048;

    /// <summary>Sets status and headers of an answer that is about to be written.</summary>
    public static void Write(HttpResponse response, int status, string contentType, RequestFacts facts, LossLedger losses)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        var headers = response.Headers;
        if (facts.Attempts > 0)
        {
            headers["x-engine-upstream"] = facts.Upstream;
            headers["x-engine-account"] = facts.Account;
            headers["x-engine-attempts"] = facts.Attempts.ToString(CultureInfo.InvariantCulture);
        }

        if (facts.UpstreamRequestId.Length > 0)
        {
            headers["x-upstream-request-id"] = facts.UpstreamRequestId;
        }

        if (Warnings(losses) is { Length: > 0 } warnings)
        {
            headers["x-engine-warnings"] = warnings;
        }
    }

    /// <summary>Headers of a stream, beside <see cref="Write"/> (wire/README.md, rule 4).</summary>
    public static void WriteStream(HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache";
        response.Headers["x-accel-buffering"] = "no";
    }

    /// <summary>The reported losses as one header value: field names, each once, printable ASCII.</summary>
    public static string Warnings(LossLedger losses)
    {
        var names = new StringBuilder();
        foreach (var path in losses.Losses.Where(loss => loss.Rule == LossRule.Reported).Select(loss => loss.Path).Distinct(StringComparer.Ordinal))
        {
            var safe = string.Concat(path.Select(character => character is > ' ' and <= '~' and not ',' ? character : '_'));
            if (names.Length + safe.Length > MaxWarnings)
            {
                names.Append(", ...");
                break;
            }

            names.Append(names.Length > 0 ? ", " : "").Append(safe);
        }

        return names.ToString();
    }
}
