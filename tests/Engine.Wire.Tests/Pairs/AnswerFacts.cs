using System.Buffers.Text;
using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Tests.Pairs;

/// <summary>What an answer says once its JSON is decoded: what must be the same on both sides of a pair.</summary>
internal sealed record AnswerFacts
{
    public required string Text { get; init; }

    public required string Reasoning { get; init; }

    public required string Refusal { get; init; }

    /// <summary>Id, name and arguments of every call; arguments byte for byte.</summary>
    public required string Calls { get; init; }

    /// <summary>Signatures, carriers opened.</summary>
    public required string Signatures { get; init; }

    /// <summary>All content in order, neighbours of one kind joined.</summary>
    public required string Order { get; init; }

    public required FinishReason Finish { get; init; }

    public required string Usage { get; init; }

    /// <summary>The facts of a fold.</summary>
    /// <param name="fold">An answer.</param>
    /// <param name="pair">Its dialects; they decide what is comparable.</param>
    public static AnswerFacts Of(CompletionFold fold, Pair pair)
    {
        var order = new List<(string Kind, string Content)>();
        foreach (var block in fold.Blocks)
        {
            switch (block.Kind)
            {
                // Only OpenAI tells a refusal from text (wire/mapping.md §5.4).
                case BlockKind.Refusal:
                    Add(order, pair.TellsRefusals ? "refusal" : "text", block.Content.Decode());
                    break;
                case BlockKind.Text:
                    Add(order, "text", block.Content.Decode());
                    break;
                case BlockKind.Reasoning when !block.Content.IsEmpty:
                    Add(order, "reasoning", block.Content.Decode());
                    break;
                case BlockKind.ToolCall:
                    order.Add(("call", $"{Decode(block.ToolId)} {Decode(block.ToolName)} {ArgumentsOf(block)}"));
                    break;
            }
        }

        return new AnswerFacts
        {
            Text = Join(order, "text", ""),
            Reasoning = Join(order, "reasoning", ""),
            Refusal = Join(order, "refusal", ""),
            Calls = Join(order, "call", "\n"),
            Signatures = string.Join('\n', fold.Blocks.Select(SignatureOf).Where(static signature => signature.Length > 0)),
            Order = string.Join('\n', Joined(order, pair).Select(static each => $"{each.Kind} {each.Content}")),
            Finish = fold.ResolvedFinish(),
            Usage = UsageOf(fold.TokenUsage.OrZero()),
        };
    }

    /// <summary>Without what a whole answer of OpenAI has no place for: it holds text, reasoning and calls apart.</summary>
    public AnswerFacts WithoutOrder() => this with { Order = "" };

    // Gemini tells no call before its end, and OpenAI ends calls with the answer: their place among texts is not comparable there.
    private static List<(string Kind, string Content)> Joined(List<(string Kind, string Content)> order, Pair pair)
    {
        var joined = new List<(string Kind, string Content)>();
        foreach (var (kind, content) in order)
        {
            if (kind != "call")
            {
                Add(joined, kind, content);
            }
            else if (!pair.Has(Dialects.OpenAiChat))
            {
                joined.Add((kind, content));
            }
        }

        return joined;
    }

    private static void Add(List<(string Kind, string Content)> order, string kind, string content)
    {
        if (order.Count > 0 && order[^1].Kind == kind)
        {
            order[^1] = (kind, order[^1].Content + content);
        }
        else
        {
            order.Add((kind, content));
        }
    }

    private static string Join(List<(string Kind, string Content)> order, string kind, string separator) =>
        string.Join(separator, order.Where(each => each.Kind == kind).Select(static each => each.Content));

    private static string ArgumentsOf(FoldedBlock block)
    {
        var text = block.ArgumentsAreWhole ? Encoding.UTF8.GetString(block.Content.Content) : block.Content.Decode();

        // The empty object may lose its blanks: Anthropic's start of a call says {} for any (wire/anthropic-messages.md §7).
        return text.Length == 0 || string.IsNullOrWhiteSpace(text.Trim('{', '}')) ? "{}" : text;
    }

    private static string SignatureOf(FoldedBlock block)
    {
        if (block.Signature.IsEmpty)
        {
            return "";
        }

        // A carrier holds the blob as it stood in the upstream's JSON; an empty one only marks reasoning as foreign. Where our own
        // writer played the upstream, what it sent may be a carrier already.
        for (var blob = block.Signature.Decode(); ;)
        {
            var carrier = blob.StartsWith("px1.", StringComparison.Ordinal) ? blob : FromBase64(blob);
            if (!carrier.StartsWith("px1.", StringComparison.Ordinal))
            {
                return blob;
            }

            blob = Decode(Base64Url.DecodeFromChars(carrier.AsSpan(carrier.LastIndexOf('.') + 1)));
        }
    }

    // Only Anthropic counts what was written to the cache (wire/mapping.md §5.3).
    private static string UsageOf(in TokenUsage usage) => $"in={usage.Input} cached={usage.CachedInput} out={usage.Output} reasoning={usage.Reasoning}";

    private static string FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }

    private static string Decode(byte[] escaped) => JsonStrings.Decode(escaped);
}
