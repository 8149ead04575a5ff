using System.Text.Json;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Reads <c>generationConfig</c> (wire/gemini.md §2, §4) into a request.</summary>
internal sealed class GeminiConfigReader(RequestBody body, string path, List<ForeignField> foreign)
{
    private const string Levels = "minimal, low, medium, high or xhigh";

    /// <summary>The request with what the config says.</summary>
    public CompletionRequest Apply(JsonElement config, CompletionRequest request)
    {
        var sampling = request.Sampling;
        JsonElement schema = default, jsonSchema = default;
        var mimeType = "";
        foreach (var field in GeminiFields.Object(config, path).EnumerateObject())
        {
            var name = GeminiFields.Camel(field.Name);
            var value = field.Value;
            var at = $"{path}.{name}";
            if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            switch (name)
            {
                case "temperature":
                    sampling = sampling with { Temperature = GeminiFields.Number(value, at) };
                    break;
                case "topP":
                    sampling = sampling with { TopP = GeminiFields.Number(value, at) };
                    break;
                case "topK":
                    sampling = sampling with { TopK = GeminiFields.Integer(value, at) };
                    break;
                case "presencePenalty":
                    sampling = sampling with { PresencePenalty = GeminiFields.Number(value, at) };
                    break;
                case "frequencyPenalty":
                    sampling = sampling with { FrequencyPenalty = GeminiFields.Number(value, at) };
                    break;
                case "seed":
                    sampling = sampling with { Seed = GeminiFields.Integer(value, at) };
                    break;
                case "candidateCount":
                    request = request with { Candidates = Candidates(value, at) };
                    break;
                case "maxOutputTokens":
                    request = request with { MaxOutputTokens = Positive(value, at) };
                    break;
                case "stopSequences":
                    request = request with { StopSequences = Stops(value, at) };
                    break;
                case "responseMimeType":
                    mimeType = GeminiFields.Word(value, at);
                    break;
                case "responseSchema":
                    schema = value;
                    break;
                case "responseJsonSchema":
                    jsonSchema = value;
                    break;
                case "thinkingConfig":
                    request = request with { Reasoning = Reasoning(GeminiFields.Object(value, at), at) };
                    break;
                case "mediaResolution":
                    // Read before the contents, whose images it concerns.
                    break;
                default:
                    foreign.Add(new ForeignField(at, body.SliceOf(value), RuleOf(name, value)));
                    break;
            }
        }

        return request with { Sampling = sampling, Format = Format(mimeType, schema, jsonSchema) };
    }

    private static LossRule RuleOf(string name, JsonElement value) => name switch
    {
        "responseModalities" => GeminiFields.Each(value, name).All(static each => IsText(each.Value)) ? LossRule.Dropped : LossRule.Refused,
        "responseLogprobs" => value.ValueKind == JsonValueKind.True ? LossRule.Refused : LossRule.Dropped,
        "speechConfig" or "imageConfig" => LossRule.Reported,
        _ => LossRule.Dropped,
    };

    private static bool IsText(JsonElement modality) => modality.ValueKind == JsonValueKind.String && modality.ValueEquals("TEXT"u8);

    private static int Candidates(JsonElement value, string at)
    {
        var count = GeminiFields.Integer(value, at);
        return count is >= 1 and <= 128 ? (int)count : throw GeminiFields.Wrong(at, "at least 1");
    }

    private static long Positive(JsonElement value, string at)
    {
        var number = GeminiFields.Integer(value, at);
        return number >= 1 ? number : throw GeminiFields.Wrong(at, "at least 1");
    }

    private List<EscapedSlice> Stops(JsonElement value, string at)
    {
        var stops = new List<EscapedSlice>();
        foreach (var (stop, stopPath) in GeminiFields.Each(value, at))
        {
            stops.Add(stop.ValueKind == JsonValueKind.String ? body.TextOf(stop) : throw GeminiFields.Wrong(stopPath, "a string"));
        }

        return stops;
    }

    private OutputFormat Format(string mimeType, JsonElement schema, JsonElement jsonSchema)
    {
        if (mimeType is "" or "text/plain")
        {
            return OutputFormat.Text;
        }

        if (mimeType != "application/json")
        {
            // text/x.enum: no other dialect restricts plain text.
            foreign.Add(new ForeignField($"{path}.responseMimeType", JsonSlice.FromUtf8(Quoted(mimeType)), LossRule.Reported));
            if (schema.ValueKind == JsonValueKind.Object)
            {
                foreign.Add(new ForeignField($"{path}.responseSchema", body.SliceOf(schema), LossRule.Dropped));
            }

            return OutputFormat.Text;
        }

        return jsonSchema.ValueKind == JsonValueKind.Object ? Schema(body.SliceOf(jsonSchema))
            : schema.ValueKind == JsonValueKind.Object ? Schema(GeminiSchemaReader.Read(schema, $"{path}.responseSchema"))
            : new OutputFormat(OutputFormatKind.JsonObject);
    }

    private static OutputFormat Schema(JsonSlice schema) => new(OutputFormatKind.JsonSchema) { Schema = schema };

    private static byte[] Quoted(string text) => [(byte)'"', .. JsonStrings.Escape(text), (byte)'"'];

    private static ReasoningAsk Reasoning(JsonElement config, string at)
    {
        var shown = GeminiFields.TryGet(config, "includeThoughts", out var include) && GeminiFields.Boolean(include, $"{at}.includeThoughts");
        var show = shown ? ReasoningShow.Shown : ReasoningShow.Hidden;
        var hasBudget = GeminiFields.TryGet(config, "thinkingBudget", out var budget);
        var level = GeminiFields.WordOf(config, "thinkingLevel", at).ToUpperInvariant();
        if (hasBudget && level.Length > 0)
        {
            throw GeminiFields.Reject(at, "takes thinkingBudget or thinkingLevel, not both");
        }

        if (hasBudget)
        {
            return ReasoningAsk.OfBudget(GeminiFields.Integer(budget, $"{at}.thinkingBudget"), show);
        }

        return level switch
        {
            "" or "THINKING_LEVEL_UNSPECIFIED" => ReasoningAsk.Default with { Show = show },
            "MINIMAL" => ReasoningAsk.OfLevel(ReasoningLevel.Minimal, show),
            "LOW" => ReasoningAsk.OfLevel(ReasoningLevel.Low, show),
            "MEDIUM" => ReasoningAsk.OfLevel(ReasoningLevel.Medium, show),
            "HIGH" => ReasoningAsk.OfLevel(ReasoningLevel.High, show),
            "XHIGH" => ReasoningAsk.OfLevel(ReasoningLevel.XHigh, show),
            _ => throw GeminiFields.Reject($"{at}.thinkingLevel", $"must be {Levels}"),
        };
    }
}
