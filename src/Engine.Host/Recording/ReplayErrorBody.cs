using System.Text.Encodings.Web;
using System.Text.Json;

namespace Engine.Host.Recording;

/// <summary>An error of the replay itself, in the words the asked dialect has for it.</summary>
internal static class ReplayErrorBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="status">400, 404, 413 or 500.</param>
    internal static byte[] Write(FixtureDialect dialect, int status, string message)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            switch (dialect)
            {
                case FixtureDialect.Anthropic:
                    json.WriteString("type", "error");
                    json.WriteStartObject("error");
                    json.WriteString("type", status switch
                    {
                        404 => "not_found_error",
                        413 => "request_too_large",
                        < 500 => "invalid_request_error",
                        _ => "api_error",
                    });
                    json.WriteString("message", message);
                    json.WriteEndObject();
                    json.WriteString("request_id", "req_replay");
                    break;
                case FixtureDialect.Gemini or FixtureDialect.CodeAssist:
                    json.WriteStartObject("error");
                    json.WriteNumber("code", status);
                    json.WriteString("message", message);
                    json.WriteString("status", status switch { 404 => "NOT_FOUND", < 500 => "INVALID_ARGUMENT", _ => "INTERNAL" });
                    json.WriteEndObject();
                    break;
                case FixtureDialect.Ollama:
                    json.WriteString("error", message);
                    break;
                default:
                    json.WriteStartObject("error");
                    json.WriteString("message", message);
                    json.WriteString("type", status < 500 ? "invalid_request_error" : "server_error");
                    json.WriteNull("param");
                    json.WriteString("code", status == 404 ? "model_not_found" : null);
                    json.WriteEndObject();
                    break;
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
