using System.Buffers;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>
/// Blocks only this dialect understands: hosted tools, their results, and what is unknown (wire/mapping.md §2.8). Other dialects get
/// a short text that says what happened, without what only the provider can decrypt.
/// </summary>
internal static class AnthropicHostedBlocks
{
    // Results are for the model to have seen, not to be read again.
    private const int LongestSubstitute = 2048;

    /// <summary>The block with its stand-in.</summary>
    public static OpaquePart Read(AnthropicNode block, string type)
    {
        var text = new ArrayBufferWriter<byte>();
        var rule = Describe(block, type, text);
        return new OpaquePart(block.Path, block.Slice, rule, EscapedSlice.FromContent(text.WrittenMemory))
        {
            CacheControl = block.SliceOf("cache_control"),
        };
    }

    private static LossRule Describe(AnthropicNode block, string type, ArrayBufferWriter<byte> text)
    {
        switch (type)
        {
            case "search_result":
                DescribeSearchResult(block, text);
                return LossRule.Emulated;
            case "compaction":
                // The summary stands for the conversation before it: whole, or the model forgets.
                Append(text, block.TextOf("content"), int.MaxValue);
                return LossRule.Emulated;
            case "server_tool_use" or "mcp_tool_use":
                DescribeCall(block, text);
                return LossRule.Emulated;
            case "tool_reference":
                Append(text, "[tool: ");
                Append(text, block.TextOf("tool_name"), LongestSubstitute);
                Append(text, "]");
                return LossRule.Emulated;
            case "container_upload":
                return LossRule.Refused;
            case "fallback" or "tool_search_tool_result":
                return LossRule.Dropped;
            case var _ when type.EndsWith("_tool_result", StringComparison.Ordinal):
                DescribeResult(block, text);
                return LossRule.Emulated;
            default:
                return LossRule.Reported;
        }
    }

    private static void DescribeSearchResult(AnthropicNode block, ArrayBufferWriter<byte> text)
    {
        Append(text, block.TextOf("title"), int.MaxValue);
        Append(text, " \\u2013 ");
        Append(text, block.TextOf("source"), int.MaxValue);
        if (block.Get("content") is { IsArray: true } content)
        {
            foreach (var each in content.Items())
            {
                Append(text, "\\n");
                Append(text, each.TextOf("text"), int.MaxValue);
            }
        }
    }

    private static void DescribeCall(AnthropicNode block, ArrayBufferWriter<byte> text)
    {
        var input = block.Get("input");
        if (input?.Get("query") is { IsText: true } query)
        {
            Append(text, "[searched: ");
            Append(text, query.Text(), LongestSubstitute);
        }
        else
        {
            Append(text, "[called ");
            Append(text, block.TextOf("name"), LongestSubstitute);
            if (input is { } arguments)
            {
                Append(text, ": ");
                var escaped = new ArrayBufferWriter<byte>();
                JsonStrings.Escape(arguments.Slice.Utf8.Span, escaped);
                Append(text, EscapedSlice.FromContent(escaped.WrittenMemory), LongestSubstitute);
            }
        }

        Append(text, "]");
    }

    // Whatever a result is made of, these are the fields a person would read.
    private static void DescribeResult(AnthropicNode block, ArrayBufferWriter<byte> text)
    {
        var content = block.Get("content");
        if (content is { IsArray: true } items)
        {
            foreach (var item in items.Items())
            {
                DescribeItem(item, text);
            }
        }
        else if (content is { IsObject: true } item)
        {
            DescribeItem(item, text);
        }
        else if (content is { IsText: true } words)
        {
            AppendLine(text, words.Text());
        }
    }

    private static void DescribeItem(AnthropicNode item, ArrayBufferWriter<byte> text)
    {
        if (Text(item, "url") is { IsEmpty: false } url)
        {
            var title = Text(item, "title");
            AppendLine(text, title.IsEmpty ? url : title);
            if (!title.IsEmpty)
            {
                Append(text, " \\u2013 ");
                Append(text, url, LongestSubstitute);
            }

            return;
        }

        AppendLine(text, Text(item, "text"));
        AppendLine(text, Text(item, "stdout"));
        AppendLine(text, Text(item, "stderr"));
        AppendLine(text, Text(item, "error_code"));
    }

    private static EscapedSlice Text(AnthropicNode item, string name) => item.Get(name) is { IsText: true } text ? text.Text() : default;

    private static void AppendLine(ArrayBufferWriter<byte> text, EscapedSlice line)
    {
        if (!line.IsEmpty)
        {
            Append(text, text.WrittenCount > 0 ? "\\n" : "");
            Append(text, line, LongestSubstitute);
        }
    }

    // What is appended here is escaped already.
    private static void Append(ArrayBufferWriter<byte> text, string escaped) => text.Write(System.Text.Encoding.ASCII.GetBytes(escaped));

    // Appends as much as fits, cut neither within an escape nor within a character.
    private static void Append(ArrayBufferWriter<byte> text, EscapedSlice piece, int longest)
    {
        var span = piece.Content.Span;
        var room = Math.Max(longest - text.WrittenCount, 0);
        if (span.Length > room)
        {
            while (room > 0 && (span[room] & 0xC0) == 0x80)
            {
                room--;
            }

            span = span[..room];
            span = span[..JsonStrings.CompletePrefix(span)];
        }

        text.Write(span);
    }
}
