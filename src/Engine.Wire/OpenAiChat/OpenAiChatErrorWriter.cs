using System.Buffers;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Writes errors in OpenAI's shape, whole or inside a stream (wire/openai-chat.md §6 and §7, wire/mapping.md §7).</summary>
public static class OpenAiChatErrorWriter
{
    private const string InvalidRequest = "invalid_request_error";
    private const string ServerError = "server_error";

    /// <summary>Status, type and code of a kind; an empty code is written as null.</summary>
    public static (int Status, string Type, string Code) Describe(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => (400, InvalidRequest, ""),
        ErrorKind.UnsupportedParameter => (400, InvalidRequest, "unsupported_parameter"),
        ErrorKind.ContextOverflow => (400, InvalidRequest, "context_length_exceeded"),
        ErrorKind.BodyTooLarge => (413, InvalidRequest, "request_too_large"),
        ErrorKind.UnsupportedMediaType => (415, InvalidRequest, "unsupported_media_type"),
        ErrorKind.ClientAuthentication => (401, "authentication_error", "invalid_api_key"),
        ErrorKind.UpstreamCredential => (502, ServerError, "upstream_auth"),
        ErrorKind.Permission => (403, "permission_error", "permission_denied"),
        ErrorKind.NotFound => (404, InvalidRequest, "not_found"),
        ErrorKind.MethodNotAllowed => (405, InvalidRequest, "method_not_allowed"),
        ErrorKind.UnknownModel => (404, InvalidRequest, "model_not_found"),
        ErrorKind.RateLimit => (429, "rate_limit_error", "rate_limit_exceeded"),
        ErrorKind.Quota => (429, "rate_limit_error", "insufficient_quota"),
        ErrorKind.Overloaded => (503, ServerError, "server_is_overloaded"),
        ErrorKind.Timeout => (504, ServerError, "upstream_timeout"),
        ErrorKind.UpstreamFault => (502, ServerError, "upstream_error"),
        ErrorKind.Truncated => (502, ServerError, "upstream_truncated"),
        ErrorKind.Policy => (400, InvalidRequest, "content_policy_violation"),
        _ => (500, ServerError, "internal_error"),
    };

    /// <summary>Writes an error body and returns its HTTP status.</summary>
    public static int Write(UpstreamError error, IBufferWriter<byte> output)
    {
        var (status, type, code) = Describe(error.Kind);
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.ObjectStart("error"u8);
        emitter.Text("message"u8, error.Message);
        emitter.Text("type"u8, type);
        WriteOptional(emitter, "param"u8, error.Param);
        WriteOptional(emitter, "code"u8, code);
        emitter.ObjectEnd();
        emitter.ObjectEnd();
        return status;
    }

    private static void WriteOptional(JsonEmitter emitter, ReadOnlySpan<byte> name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            emitter.Null(name);
        }
        else
        {
            emitter.Text(name, value);
        }
    }
}
