using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Reads a <c>generateContent</c> or <c>countTokens</c> body (wire/gemini.md §1, §2).</summary>
internal static class GeminiRequestReader
{
    /// <summary>The head: everything that routing needs stands in the path.</summary>
    /// <exception cref="RequestRejectedException">No model, or the body is not a JSON object.</exception>
    public static RequestHead ReadHead(ClientRequest request)
    {
        if (!JsonValidity.IsObject(request.Body.Span))
        {
            // The slow way finds out what is wrong and where.
            RequestBody.Parse(request.Body).Dispose();
        }

        return new RequestHead(ModelOf(request), request.PathStream ?? false);
    }

    /// <summary>The whole request.</summary>
    /// <exception cref="RequestRejectedException">A field is missing or malformed.</exception>
    public static CompletionRequest Read(ClientRequest request, Operation operation)
    {
        using var body = RequestBody.Parse(request.Body);
        var root = body.Root;
        var prefix = "";
        if (operation == Operation.CountTokens && GeminiFields.TryGet(root, "generateContentRequest", out var inner))
        {
            root = GeminiFields.Object(inner, "generateContentRequest");
            prefix = "generateContentRequest.";
        }

        var read = new CompletionRequest
        {
            Model = ModelOf(request),
            Stream = operation == Operation.Generate && (request.PathStream ?? false),
        };
        return new Fields(body, prefix).Apply(root, read);
    }

    private static string ModelOf(ClientRequest request)
    {
        var model = request.PathModel.StartsWith("models/", StringComparison.Ordinal) ? request.PathModel["models/".Length..] : request.PathModel;
        return model.Length > 0 ? model : throw new RequestRejectedException(ErrorKind.Invalid, "model", "The path must name a model.");
    }

    private sealed class Fields(RequestBody body, string prefix)
    {
        private readonly List<ForeignField> _foreign = [];

        public CompletionRequest Apply(JsonElement root, CompletionRequest request)
        {
            foreach (var field in root.EnumerateObject())
            {
                if (field.Value.ValueKind != JsonValueKind.Null)
                {
                    request = Apply(GeminiFields.Camel(field.Name), field.Value, request, root);
                }
            }

            return request.Turns.Count > 0
                ? request with { Foreign = _foreign }
                : throw GeminiFields.Reject($"{prefix}contents", "must hold at least one content");
        }

        private CompletionRequest Apply(string name, JsonElement value, CompletionRequest request, JsonElement root)
        {
            var path = prefix + name;
            switch (name)
            {
                case "contents":
                    return request with { Turns = Contents(root).ReadContents(value, path) };
                case "systemInstruction":
                    return request with { System = Contents(root).ReadSystem(value, path) };
                case "tools":
                    return request with { Tools = GeminiToolReader.ReadTools(body, value, path) };
                case "toolConfig":
                    AddRest(GeminiFields.Object(value, path), path);
                    return request with { ToolChoice = GeminiToolReader.ReadChoice(value, path) };
                case "generationConfig":
                    return new GeminiConfigReader(body, path, _foreign).Apply(value, request);
                case "model":
                    // The path decides.
                    return request;
                default:
                    _foreign.Add(new ForeignField(path, body.SliceOf(value), RuleOf(name)));
                    return request;
            }
        }

        private static LossRule RuleOf(string name) => name switch
        {
            // Prompt content and state that live with one vendor.
            "cachedContent" or "continuationToken" => LossRule.Refused,
            "modelArmorConfig" => LossRule.Reported,
            _ => LossRule.Dropped,
        };

        private void AddRest(JsonElement toolConfig, string path)
        {
            foreach (var field in toolConfig.EnumerateObject())
            {
                var name = GeminiFields.Camel(field.Name);
                if (name != "functionCallingConfig")
                {
                    _foreign.Add(new ForeignField($"{path}.{name}", body.SliceOf(field.Value), LossRule.Dropped));
                }
            }
        }

        private GeminiContentReader Contents(JsonElement root) => new(body, DetailOf(root));

        private static ImageDetail DetailOf(JsonElement root) =>
            GeminiFields.TryGet(root, "generationConfig", out var config)
            && GeminiFields.TryGet(config, "mediaResolution", out var word)
            && word.ValueKind == JsonValueKind.String
                ? GeminiMediaReader.DetailOf(JsonStrings.Decode(word))
                : ImageDetail.Default;
    }
}
