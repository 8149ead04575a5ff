using Engine.Wire.Dialects;

namespace Engine.Wire.Gemini;

/// <summary>Paths below the base URL (wire/gemini.md §1).</summary>
internal static class GeminiPaths
{
    /// <summary>Path and query of a call.</summary>
    public static string Of(Operation operation, string model, bool stream, bool streamAsJsonArray)
    {
        var verb = (operation, stream, streamAsJsonArray) switch
        {
            (Operation.CountTokens, _, _) => "countTokens",
            (_, false, _) => "generateContent",
            (_, true, true) => "streamGenerateContent",
            _ => "streamGenerateContent?alt=sse",
        };
        var resource = string.Join('/', ResourceOf(model).Split('/').Select(Uri.EscapeDataString));
        return $"v1beta/{resource}:{verb}";
    }

    /// <summary>A model's resource name: <c>models/x</c>; names with a path of their own (<c>tunedModels/x</c>) keep it.</summary>
    public static string ResourceOf(string model) => model.Contains('/', StringComparison.Ordinal) ? model : $"models/{model}";
}
