using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Reads content blocks (wire/anthropic-messages.md §3). A block may become several parts.</summary>
internal static class AnthropicPartReader
{
    private const string Pdf = "application/pdf";

    /// <summary>The parts of one block.</summary>
    /// <exception cref="RequestRejectedException">The block lacks a field or has one of the wrong type.</exception>
    public static IEnumerable<Part> Read(AnthropicNode block) => block.Object().Require("type").String() switch
    {
        "text" => [AnthropicTurnReader.ReadText(block)],
        "image" => [new ImagePart(ReadSource(block.Require("source"), "")) { CacheControl = CacheOf(block) }],
        "document" => ReadDocument(block),
        "tool_use" => [ReadCall(block)],
        "tool_result" => [ReadResult(block)],
        "thinking" => [new ReasoningPart(block.Require("thinking").Text(), ReadSignature(block.TextOf("signature")))],
        "redacted_thinking" when ReadSignature(block.Require("data").Text()) is { } data => [new RedactedReasoningPart(data)],
        "redacted_thinking" => [],
        var type => [AnthropicHostedBlocks.Read(block, type)],
    };

    private static ToolCallPart ReadCall(AnthropicNode block) =>
        new(block.Require("id").String(), block.Require("name").String(), ToolArguments.FromObject(block.Require("input").Object().Slice))
        {
            CacheControl = CacheOf(block),
        };

    private static ToolResultPart ReadResult(AnthropicNode block)
    {
        IReadOnlyList<Part> content = block.Get("content") switch
        {
            null => [],
            { IsText: true } text => [new TextPart(text.Text())],
            { } blocks => [.. blocks.Items().SelectMany(Read)],
        };
        return new ToolResultPart(block.Require("tool_use_id").String(), "", content, block.Get("is_error")?.Boolean() ?? false)
        {
            CacheControl = CacheOf(block),
        };
    }

    private static ReasoningSignature? ReadSignature(EscapedSlice text) =>
        text.IsEmpty ? null : SignatureCarrier.Decode(text, SignatureFamily.Claude);

    private static IEnumerable<Part> ReadDocument(AnthropicNode block)
    {
        var source = block.Require("source").Object();
        if (source.Require("type").String() == "content")
        {
            return ReadContentDocument(block, source.Require("content"));
        }

        return
        [
            new DocumentPart(ReadSource(source, Pdf))
            {
                Name = block.TextOf("title"),
                Context = block.TextOf("context"),
                Citations = block.SliceOf("citations"),
                CacheControl = CacheOf(block),
            },
        ];
    }

    // A document made of blocks: its text stays a document, anything else stands for itself.
    private static IEnumerable<Part> ReadContentDocument(AnthropicNode block, AnthropicNode content)
    {
        if (content.IsText)
        {
            yield return TextDocument(block, content.Text());
            yield break;
        }

        foreach (var part in content.Items().SelectMany(Read))
        {
            yield return part is TextPart text ? TextDocument(block, text.Text) : part;
        }
    }

    private static DocumentPart TextDocument(AnthropicNode block, EscapedSlice text) => new(new MediaSource.PlainText(text))
    {
        Name = block.TextOf("title"),
        Context = block.TextOf("context"),
        CacheControl = CacheOf(block),
    };

    private static MediaSource ReadSource(AnthropicNode source, string urlType)
    {
        var type = source.Object().Require("type");
        return type.String() switch
        {
            "base64" => new MediaSource.Inline(source.Require("media_type").String(), source.Require("data").Text()),
            "url" => new MediaSource.Url(source.Require("url").Text(), urlType),
            "file" => new MediaSource.Stored(source.Require("file_id").Text()),
            "text" => new MediaSource.PlainText(source.Require("data").Text(), source.Get("media_type")?.String() ?? "text/plain"),
            _ => throw type.Reject("Input should be 'base64', 'content', 'file', 'text' or 'url'"),
        };
    }

    private static JsonSlice CacheOf(AnthropicNode block) => block.SliceOf("cache_control");
}
