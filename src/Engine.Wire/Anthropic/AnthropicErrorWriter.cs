using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Writes errors, whole or in a stream (wire/anthropic-messages.md §8, wire/mapping.md §7).</summary>
internal static partial class AnthropicErrorWriter
{
    private const string OverflowPhrase = "prompt is too long";
    private const int BillingStatus = 402;

    /// <summary>Writes an error body and returns its status.</summary>
    public static int Write(UpstreamError error, string requestId, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.Literal("type"u8, "error"u8);
        WriteProperties(emitter, error, requestId);
        emitter.ObjectEnd();
        return Row(error).Status;
    }

    /// <summary>The properties after <c>type</c>.</summary>
    /// <param name="emitter">Inside the envelope's object.</param>
    /// <param name="error">The failure.</param>
    /// <param name="requestId">Left out when empty.</param>
    public static void WriteProperties(JsonEmitter emitter, UpstreamError error, string requestId)
    {
        emitter.ObjectStart("error"u8);
        emitter.Text("type"u8, Row(error).Type);
        emitter.Text("message"u8, MessageOf(error));
        if (ThreadCode(error) is { } code)
        {
            WriteThreadDetails(emitter, code, error.Param ?? "thread");
        }

        emitter.ObjectEnd();
        if (requestId.Length > 0)
        {
            emitter.Text("request_id"u8, requestId);
        }
    }

    private static (int Status, string Type) Row(UpstreamError error) => error.Kind switch
    {
        ErrorKind.Invalid or ErrorKind.UnsupportedParameter or ErrorKind.ContextOverflow or ErrorKind.Policy =>
            (400, "invalid_request_error"),
        ErrorKind.BodyTooLarge => (413, "request_too_large"),
        ErrorKind.UnsupportedMediaType => (415, "invalid_request_error"),
        ErrorKind.ClientAuthentication => (401, "authentication_error"),
        ErrorKind.UpstreamCredential => (502, "api_error"),
        ErrorKind.Permission => (403, "permission_error"),
        ErrorKind.NotFound or ErrorKind.UnknownModel => (404, "not_found_error"),
        ErrorKind.MethodNotAllowed => (405, "invalid_request_error"),
        ErrorKind.Quota when error.UpstreamStatus == BillingStatus => (BillingStatus, "billing_error"),
        ErrorKind.RateLimit or ErrorKind.Quota => (429, "rate_limit_error"),
        ErrorKind.Overloaded => (529, "overloaded_error"),
        ErrorKind.Timeout => (504, "timeout_error"),
        _ => (500, "api_error"),
    };

    // SDKs look for this code to fall back from message threads to whole histories (wire/clients.md).
    private static string? ThreadCode(UpstreamError error)
    {
        if (error.Code?.StartsWith("thread_", StringComparison.Ordinal) == true)
        {
            return error.Code;
        }

        return error is { Kind: ErrorKind.UnsupportedParameter, Param: "thread" } ? "thread_unsupported_request" : null;
    }

    private static void WriteThreadDetails(JsonEmitter emitter, string code, string param)
    {
        emitter.ObjectStart("details"u8);
        emitter.Text("error_code"u8, code);
        emitter.ArrayStart("unsupported"u8);
        emitter.Text(param);
        emitter.ArrayEnd();
        emitter.ObjectEnd();
    }

    // Agents start compacting when they see the phrase at the start, with the figures when there are any.
    private static string MessageOf(UpstreamError error)
    {
        if (error.Kind != ErrorKind.ContextOverflow || error.Message.StartsWith(OverflowPhrase, StringComparison.Ordinal))
        {
            return error.Message;
        }

        var limit = Limit().Match(error.Message) is { Success: true } match ? Parse(match.Groups["limit"]) : -1;
        var prompt = Number().Matches(error.Message).Select(Parse).DefaultIfEmpty(-1).Max();
        if (Sum().Match(error.Message) is { Success: true } sum)
        {
            prompt = Parse(sum.Groups["a"]) + Parse(sum.Groups["b"]);
            limit = Parse(sum.Groups["limit"]);
        }

        return limit > 0 && prompt > limit
            ? string.Create(CultureInfo.InvariantCulture, $"{OverflowPhrase}: {prompt} tokens > {limit} maximum")
            : $"{OverflowPhrase}: {error.Message}";
    }

    private static long Parse(Capture number) =>
        long.Parse(number.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    // 123456 or 123,456; at most 15 digits, so that it fits.
    [GeneratedRegex(
        @"(?<![\w.,])([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{3,15})(?![\w])",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    // "maximum context length is 128000", "maximum number of tokens allowed (1048576)", "limit of 8192".
    [GeneratedRegex(
        @"(maximum|limit|window)[^0-9]{0,60}(?<limit>[0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{3,15})(?![\w])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Limit();

    [GeneratedRegex(
        @"(?<a>[0-9]{1,15}) \+ (?<b>[0-9]{1,15}) > (?<limit>[0-9]{1,15})",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sum();
}
