namespace Engine.Host.Recording;

/// <summary>Whose grammar an exchange speaks, as its path says.</summary>
internal enum FixtureDialect
{
    Unknown,
    OpenAiChat,
    OpenAiCompletions,
    OpenAiResponses,
    Anthropic,
    Gemini,
    CodeAssist,
    Ollama,
}

/// <summary>What the path asks for. <see cref="Other"/> is matched by the path itself.</summary>
internal enum FixtureOperation
{
    Other,
    Generate,
    CountTokens,
    ListModels,
    GetModel,
    Embed,
}

/// <summary>
/// What a method and a request target mean, upstream prefixes (<c>/api/v1</c>, <c>/openai/deployments/x</c>, Vertex's
/// <c>/v1/projects/…</c>) ignored.
/// </summary>
/// <param name="Path">The target without its query.</param>
/// <param name="Model">The model the path names, without <c>models/</c>; null when the body names it.</param>
/// <param name="StreamVerb">The path itself asks for a stream (Gemini's <c>:streamGenerateContent</c>).</param>
/// <param name="AltSse">The query asks for SSE (Gemini's <c>alt=sse</c>).</param>
internal readonly record struct FixtureEndpoint(
    FixtureDialect Dialect, FixtureOperation Operation, string Path, string? Model, bool StreamVerb, bool AltSse)
{
    /// <summary>Classifies a request target.</summary>
    /// <param name="headers">Tell the three owners of <c>/v1/models</c> apart.</param>
    /// <param name="origin">More of the same for a recording, whose credentials are gone: its host and folder.</param>
    internal static FixtureEndpoint Classify(
        string method, string target, IEnumerable<KeyValuePair<string, string>> headers, string origin = "")
    {
        var cut = target.IndexOf('?', StringComparison.Ordinal);
        var path = (cut < 0 ? target : target[..cut]).TrimEnd('/');
        var query = cut < 0 ? "" : target[(cut + 1)..];
        var altSse = HasQuery(query, "alt=sse");

        FixtureEndpoint Is(FixtureDialect dialect, FixtureOperation operation, string? model = null, bool streams = false) =>
            new(dialect, operation, path, model, streams, altSse);

        if (IsGet(method))
        {
            return ModelsPath(path) switch
            {
                (true, null) => Is(OwnerOfModels(path, query, headers, origin), FixtureOperation.ListModels),
                (true, var id) => Is(OwnerOfModels(path, query, headers, origin), FixtureOperation.GetModel, id),
                _ when Ends(path, "/api/tags") => Is(FixtureDialect.Ollama, FixtureOperation.ListModels),
                _ => Is(FixtureDialect.Unknown, FixtureOperation.Other),
            };
        }

        if (TryReadVerb(path, out var verb, out var verbModel))
        {
            var google = path.Contains("/v1internal:", StringComparison.Ordinal) ? FixtureDialect.CodeAssist : FixtureDialect.Gemini;
            return verb switch
            {
                "generateContent" => Is(google, FixtureOperation.Generate, verbModel),
                "streamGenerateContent" => Is(google, FixtureOperation.Generate, verbModel, streams: true),
                "countTokens" => Is(google, FixtureOperation.CountTokens, verbModel),
                "embedContent" or "batchEmbedContents" => Is(google, FixtureOperation.Embed, verbModel),
                // Vertex serves Anthropic's dialect under Google's paths.
                "rawPredict" or "streamRawPredict" => Is(FixtureDialect.Anthropic, FixtureOperation.Generate, verbModel),
                _ => Is(google, FixtureOperation.Other, verbModel),
            };
        }

        return path switch
        {
            _ when Ends(path, "/chat/completions") => Is(FixtureDialect.OpenAiChat, FixtureOperation.Generate),
            _ when Ends(path, "/completions") => Is(FixtureDialect.OpenAiCompletions, FixtureOperation.Generate),
            _ when Ends(path, "/embeddings") => Is(FixtureDialect.OpenAiChat, FixtureOperation.Embed),
            _ when Ends(path, "/responses") => Is(FixtureDialect.OpenAiResponses, FixtureOperation.Generate),
            _ when Ends(path, "/responses/input_tokens") => Is(FixtureDialect.OpenAiResponses, FixtureOperation.CountTokens),
            _ when Ends(path, "/messages") => Is(FixtureDialect.Anthropic, FixtureOperation.Generate),
            _ when Ends(path, "/messages/count_tokens") => Is(FixtureDialect.Anthropic, FixtureOperation.CountTokens),
            _ when Ends(path, "/api/chat") => Is(FixtureDialect.Ollama, FixtureOperation.Generate),
            _ when Ends(path, "/api/embed") => Is(FixtureDialect.Ollama, FixtureOperation.Embed),
            _ when path.Contains("/api/", StringComparison.Ordinal) && Ends(path, "/generate") =>
                Is(FixtureDialect.Ollama, FixtureOperation.Other),
            _ => Is(FixtureDialect.Unknown, FixtureOperation.Other),
        };
    }

    private static bool IsGet(string method) =>
        string.Equals(method, "GET", StringComparison.OrdinalIgnoreCase) || string.Equals(method, "HEAD", StringComparison.OrdinalIgnoreCase);

    private static bool Ends(string path, string suffix) => path.EndsWith(suffix, StringComparison.Ordinal);

    private static bool HasQuery(string query, string pair) => ("&" + query + "&").Contains("&" + pair + "&", StringComparison.Ordinal);

    /// <summary>The verb stands after the last colon (wire/gemini.md §1); the model may contain slashes.</summary>
    private static bool TryReadVerb(string path, out string verb, out string? model)
    {
        var colon = path.LastIndexOf(':');
        verb = colon < 0 ? "" : path[(colon + 1)..];
        model = null;
        if (colon < 0 || verb.Contains('/', StringComparison.Ordinal))
        {
            return false;
        }

        var models = path.IndexOf("/models/", StringComparison.Ordinal);
        if (models >= 0 && models + 8 < colon)
        {
            model = Uri.UnescapeDataString(path[(models + 8)..colon]);
        }

        return true;
    }

    private static (bool Found, string? Id) ModelsPath(string path)
    {
        if (Ends(path, "/models"))
        {
            return (true, null);
        }

        var at = path.LastIndexOf("/models/", StringComparison.Ordinal);
        return at < 0 ? (false, null) : (true, Uri.UnescapeDataString(path[(at + 8)..]));
    }

    /// <summary>Three dialects list their models under the same path (wire/clients.md).</summary>
    private static FixtureDialect OwnerOfModels(
        string path, string query, IEnumerable<KeyValuePair<string, string>> headers, string origin)
    {
        if (path.Contains("/v1beta", StringComparison.Ordinal) || query.StartsWith("key=", StringComparison.Ordinal)
            || query.Contains("&key=", StringComparison.Ordinal) || origin.Contains("googleapis", StringComparison.Ordinal)
            || origin.Contains("gemini", StringComparison.Ordinal))
        {
            return FixtureDialect.Gemini;
        }

        foreach (var (name, _) in headers)
        {
            if (string.Equals(name, "anthropic-version", StringComparison.OrdinalIgnoreCase))
            {
                return FixtureDialect.Anthropic;
            }

            if (string.Equals(name, "x-goog-api-key", StringComparison.OrdinalIgnoreCase))
            {
                return FixtureDialect.Gemini;
            }
        }

        return origin.Contains("anthropic", StringComparison.Ordinal) ? FixtureDialect.Anthropic : FixtureDialect.OpenAiChat;
    }
}
