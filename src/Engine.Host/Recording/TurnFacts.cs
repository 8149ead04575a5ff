using System.Text;
using System.Text.Json;

namespace Engine.Host.Recording;

/// <summary>What the conversation of a request says: only turns after the last assistant turn count as what is asked now.</summary>
internal readonly record struct TurnFacts(RequestFeatures Features, int Turns, string LastText)
{
    /// <param name="turns">The request's <c>messages</c>, <c>contents</c> or <c>input</c>: an array, or one string.</param>
    internal static TurnFacts Of(JsonElement? turns)
    {
        if (turns is { ValueKind: JsonValueKind.String } prompt)
        {
            return new TurnFacts(RequestFeatures.None, 1, Cut(prompt.GetString()));
        }

        var features = RequestFeatures.None;
        var count = 0;
        var text = new StringBuilder();
        foreach (var turn in RequestFactsReader.Items(turns))
        {
            count++;
            var role = RequestFactsReader.Text(turn, "role");
            if (role is "assistant" or "model" || RequestFactsReader.Text(turn, "type") is "function_call" or "reasoning")
            {
                features = RequestFeatures.None;
                text.Clear();
                continue;
            }

            if (role is "system" or "developer")
            {
                continue;
            }

            if (role is "tool" or "function")
            {
                features |= RequestFeatures.ToolResults;
                continue;
            }

            features |= ReadPart(turn, text);
            var content = RequestFactsReader.Get(turn, "content") ?? RequestFactsReader.Get(turn, "parts");
            if (content is { ValueKind: JsonValueKind.String } whole)
            {
                Append(text, whole.GetString());
            }

            foreach (var part in RequestFactsReader.Items(content))
            {
                features |= ReadPart(part, text);
            }
        }

        return new TurnFacts(features, count, text.ToString());
    }

    private static RequestFeatures ReadPart(JsonElement part, StringBuilder text)
    {
        var media = RequestFactsReader.Child(part, "inlineData") ?? RequestFactsReader.Child(part, "inline_data")
            ?? RequestFactsReader.Child(part, "fileData") ?? RequestFactsReader.Child(part, "file_data");
        if (media is not null)
        {
            var type = RequestFactsReader.Text(media, "mimeType") ?? RequestFactsReader.Text(media, "mime_type") ?? "";
            return type.StartsWith("image/", StringComparison.Ordinal) ? RequestFeatures.ImageIn : RequestFeatures.FileIn;
        }

        if ((RequestFactsReader.Child(part, "functionResponse") ?? RequestFactsReader.Child(part, "function_response")) is not null)
        {
            return RequestFeatures.ToolResults;
        }

        Append(text, RequestFactsReader.Text(part, "text"));
        var features = RequestFactsReader.Text(part, "type") switch
        {
            "image_url" or "image" or "input_image" => RequestFeatures.ImageIn,
            "file" or "document" or "input_file" => RequestFeatures.FileIn,
            "tool_result" or "function_call_output" => RequestFeatures.ToolResults,
            _ => RequestFeatures.None,
        };
        // Ollama hangs the images of a message beside its content.
        return RequestFactsReader.Items(RequestFactsReader.Get(part, "images")).Any() ? features | RequestFeatures.ImageIn : features;
    }

    private static void Append(StringBuilder text, string? more)
    {
        if (!string.IsNullOrEmpty(more) && text.Length < RequestFacts.MaxLastText)
        {
            text.Append(more, 0, Math.Min(more.Length, RequestFacts.MaxLastText - text.Length));
        }
    }

    private static string Cut(string? text) =>
        text is null ? "" : text.Length > RequestFacts.MaxLastText ? text[..RequestFacts.MaxLastText] : text;
}
