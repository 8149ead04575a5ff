using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Writes errors as Google does (wire/gemini.md §7, wire/mapping.md §7).</summary>
internal static partial class GeminiErrorWriter
{
    /// <summary>
    /// Writes an error body and returns its HTTP status. A policy block is a 200 with <c>promptFeedback</c>, as Gemini answers one.
    /// </summary>
    public static int Write(UpstreamError error, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        if (error.Kind == ErrorKind.Policy)
        {
            WriteBlock(emitter, error.Message);
            return 200;
        }

        WriteError(emitter, error);
        return StatusOf(error.Kind).Http;
    }

    /// <summary>Writes <c>{"error":{…}}</c>: a body, or an event inside a stream.</summary>
    public static void WriteError(JsonEmitter emitter, UpstreamError error)
    {
        var (http, status) = StatusOf(error.Kind);
        emitter.ObjectStart();
        emitter.ObjectStart("error"u8);
        emitter.Number("code"u8, http);
        emitter.Text("message"u8, error.Kind == ErrorKind.ContextOverflow ? Overflow(error.Message) : error.Message);
        emitter.Text("status"u8, status);
        WriteDetails(emitter, error);
        emitter.ObjectEnd();
        emitter.ObjectEnd();
    }

    /// <summary>Writes the answer of a blocked prompt.</summary>
    public static void WriteBlock(JsonEmitter emitter, string message)
    {
        emitter.ObjectStart();
        emitter.ObjectStart("promptFeedback"u8);
        emitter.Literal("blockReason"u8, "PROHIBITED_CONTENT"u8);
        emitter.Text("blockReasonMessage"u8, message);
        emitter.ObjectEnd();
        emitter.ObjectEnd();
    }

    /// <summary>HTTP status and gRPC status of a kind.</summary>
    internal static (int Http, string Status) StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid or ErrorKind.UnsupportedParameter or ErrorKind.ContextOverflow or ErrorKind.Policy => (400, "INVALID_ARGUMENT"),
        ErrorKind.BodyTooLarge => (413, "INVALID_ARGUMENT"),
        ErrorKind.UnsupportedMediaType => (415, "INVALID_ARGUMENT"),
        ErrorKind.ClientAuthentication => (401, "UNAUTHENTICATED"),
        ErrorKind.UpstreamCredential => (503, "UNAVAILABLE"),
        ErrorKind.Permission => (403, "PERMISSION_DENIED"),
        ErrorKind.NotFound or ErrorKind.UnknownModel => (404, "NOT_FOUND"),
        ErrorKind.MethodNotAllowed => (405, "UNIMPLEMENTED"),
        ErrorKind.RateLimit or ErrorKind.Quota => (429, "RESOURCE_EXHAUSTED"),
        ErrorKind.Overloaded => (503, "UNAVAILABLE"),
        ErrorKind.Timeout => (504, "DEADLINE_EXCEEDED"),
        _ => (500, "INTERNAL"),
    };

    private static void WriteDetails(JsonEmitter emitter, UpstreamError error)
    {
        if (error.RetryAfter is null && error.Kind != ErrorKind.Quota)
        {
            return;
        }

        emitter.ArrayStart("details"u8);
        if (error.Kind == ErrorKind.Quota)
        {
            emitter.ObjectStart();
            emitter.Literal("@type"u8, "type.googleapis.com/google.rpc.QuotaFailure"u8);
            emitter.ArrayStart("violations"u8);
            emitter.ObjectStart();
            emitter.Literal("quotaId"u8, "GenerateRequestsPerDayPerProjectPerModel"u8);
            emitter.ObjectEnd();
            emitter.ArrayEnd();
            emitter.ObjectEnd();
        }

        if (error.RetryAfter is { } delay)
        {
            emitter.ObjectStart();
            emitter.Literal("@type"u8, "type.googleapis.com/google.rpc.RetryInfo"u8);
            emitter.Text("retryDelay"u8, GeminiDurations.Write(delay));
            emitter.ObjectEnd();
        }

        emitter.ArrayEnd();
    }

    // Agents compact their history when they meet this sentence. The larger number is what was sent, the smaller what fits.
    private static string Overflow(string message)
    {
        if (message.Contains("input token count", StringComparison.OrdinalIgnoreCase))
        {
            return message;
        }

        var numbers = Counts().Matches(message)
            .Select(static match => long.Parse(match.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture))
            .OrderDescending()
            .Take(2)
            .ToArray();
        return numbers is [var sent, var limit]
            ? string.Create(CultureInfo.InvariantCulture, $"The input token count ({sent}) exceeds the maximum number of tokens allowed ({limit}).")
            : $"The input token count exceeds the maximum number of tokens allowed. {message}";
    }

    [GeneratedRegex(
        "(?<![0-9A-Za-z.-])([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{3,15})(?![0-9A-Za-z])",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counts();
}
