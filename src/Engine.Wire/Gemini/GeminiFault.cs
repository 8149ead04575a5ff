using System.Text;
using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// An error body as facts (wire/gemini.md §7): <c>{"error":{…}}</c>, the same in an array, as a string, or as JSON text inside
/// its own message. A body of another shape has no facts but the text that was found.
/// </summary>
internal sealed class GeminiFault
{
    private const int DeepestNesting = 10;

    private readonly List<string> _reasons = [];
    private readonly List<string> _quotas = [];

    private GeminiFault()
    {
    }

    /// <summary>The code in the body; 0 when it has none.</summary>
    public int Code { get; private set; }

    /// <summary>The gRPC status: <c>RESOURCE_EXHAUSTED</c>; empty when it has none.</summary>
    public string Status { get; private set; } = "";

    /// <summary>The message; empty when it has none.</summary>
    public string Message { get; private set; } = "";

    /// <summary><c>ErrorInfo.reason</c>s: <c>API_KEY_INVALID</c>.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>Names of the quotas that were violated.</summary>
    public IReadOnlyList<string> Quotas => _quotas;

    /// <summary><c>RetryInfo.retryDelay</c>, else <c>quotaResetDelay</c>.</summary>
    public TimeSpan? Delay { get; private set; }

    /// <summary><c>quotaResetTimeStamp</c> in seconds since 1970-01-01 UTC (wire/code-assist.md §4).</summary>
    public long? ResetsAtUnixSeconds { get; private set; }

    /// <summary>The first field that the upstream complains about.</summary>
    public string? Field { get; private set; }

    /// <summary>Reads a body of any shape.</summary>
    public static GeminiFault Parse(ReadOnlySpan<byte> body)
    {
        var fault = new GeminiFault();
        fault.Take(Encoding.UTF8.GetString(body[..Math.Min(body.Length, 1 << 20)]), 0);
        return fault;
    }

    private void Take(string json, int depth)
    {
        using var document = Parse(json) ?? Parse(WithoutStrayCommas(json));
        if (document is null)
        {
            return;
        }

        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0)
        {
            root = root[0];
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error"u8, out var error))
        {
            return;
        }

        if (error.ValueKind == JsonValueKind.String)
        {
            Message = JsonStrings.Decode(error);
            return;
        }

        TakeError(error);
        if (depth < DeepestNesting && Message.StartsWith('{'))
        {
            Take(Message, depth + 1);
        }
    }

    private void TakeError(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (error.TryGetProperty("code"u8, out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number))
        {
            Code = number;
        }

        Status = Text(error, "status") ?? Status;
        Message = Text(error, "message") ?? Message;
        if (error.TryGetProperty("details"u8, out var details) && details.ValueKind == JsonValueKind.Array)
        {
            TimeSpan? resetDelay = null;
            foreach (var detail in details.EnumerateArray())
            {
                TakeDetail(detail, ref resetDelay);
            }

            Delay ??= resetDelay;
        }
    }

    private void TakeDetail(JsonElement detail, ref TimeSpan? resetDelay)
    {
        if (detail.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        Delay ??= Text(detail, "retryDelay") is { } delay ? GeminiDurations.Read(delay) : null;
        if (Text(detail, "reason") is { } reason)
        {
            _reasons.Add(reason);
        }

        if (detail.TryGetProperty("metadata"u8, out var metadata) && metadata.ValueKind == JsonValueKind.Object)
        {
            AddQuota(Text(metadata, "quota_limit"));
            ResetsAtUnixSeconds ??= Text(metadata, "quotaResetTimeStamp") is { } at ? Rfc3339.ToUnixSeconds(at) : null;
            resetDelay ??= Text(metadata, "quotaResetDelay") is { } reset ? GeminiDurations.Read(reset) : null;
        }

        foreach (var violation in Elements(detail, "violations"))
        {
            AddQuota(Text(violation, "quotaId"));
        }

        foreach (var violation in Elements(detail, "fieldViolations"))
        {
            Field ??= Text(violation, "field");
        }
    }

    private void AddQuota(string? name)
    {
        if (name is not null)
        {
            _quotas.Add(name);
        }
    }

    private static JsonElement.ArrayEnumerator Elements(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;

    private static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? JsonStrings.Decode(value)
            : null;

    private static JsonDocument? Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Code Assist has been seen with a comma too many between two properties (wire/code-assist.md §4).
    private static string WithoutStrayCommas(string json)
    {
        var kept = new StringBuilder(json.Length);
        var last = '\0';
        foreach (var character in json)
        {
            if (character == ',' && last == ',')
            {
                continue;
            }

            kept.Append(character);
            last = char.IsWhiteSpace(character) ? last : character;
        }

        return kept.ToString();
    }
}
