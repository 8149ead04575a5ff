using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Engine.Host.Recording;

/// <summary>Reads both halves of a recording. Pure: bytes in, a value or a sentence about what is wrong out.</summary>
internal static class FixtureReader
{
    /// <summary>A response head longer than this is refused.</summary>
    internal const int MaxHead = 64 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>Reads the head of a response file.</summary>
    /// <param name="bytes">The file, or as much of its beginning as <see cref="MaxHead"/>.</param>
    /// <param name="headLength">Where the body starts.</param>
    internal static bool TryReadHead(ReadOnlySpan<byte> bytes, out FixtureHead head, out int headLength, out string problem)
    {
        head = new FixtureHead(0, []);
        var end = bytes[..Math.Min(bytes.Length, MaxHead)].IndexOf("\r\n\r\n"u8);
        headLength = end + 4;
        if (end < 0)
        {
            problem = "no blank line (CRLF CRLF) ends the response head";
            return false;
        }

        var lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
        if (!TryReadStatus(lines[0], out var status))
        {
            problem = "the first line is not a status line like \"HTTP/1.1 200 OK\"";
            return false;
        }

        var headers = new List<KeyValuePair<string, string>>(lines.Length - 1);
        for (var i = 1; i < lines.Length; i++)
        {
            var colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : lines[i][..colon];
            var value = lines[i][(colon + 1)..].Trim(' ');
            if (!IsToken(name) || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"line {i + 1} of the head is not a header in ASCII");
                return false;
            }

            headers.Add(new(name.ToLowerInvariant(), value));
        }

        head = new FixtureHead(status, headers);
        problem = "";
        return true;
    }

    /// <summary>Reads a request file; its body is copied out, so the bytes may go.</summary>
    internal static bool TryReadRequest(ReadOnlyMemory<byte> bytes, out FixtureRequest request, out string problem)
    {
        request = new FixtureRequest { Method = "", Target = "" };
        try
        {
            using var document = JsonDocument.Parse(bytes, Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                problem = "the request is not a JSON object";
                return false;
            }

            if (RequestFactsReader.Text(root, "method") is not { Length: > 0 } method
                || RequestFactsReader.Text(root, "path") is not { Length: > 0 } target || target[0] != '/')
            {
                problem = "the request needs \"method\" and \"path\" (starting with a slash)";
                return false;
            }

            if (!TryReadMeta(RequestFactsReader.Child(root, "meta"), out var meta, out problem))
            {
                return false;
            }

            request = new FixtureRequest
            {
                Method = method,
                Host = RequestFactsReader.Text(root, "host"),
                Target = target,
                Headers = ReadHeaders(RequestFactsReader.Child(root, "headers")),
                Body = ReadBody(root),
                Meta = meta,
            };
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            problem = fault is JsonException { LineNumber: { } line }
                ? string.Create(CultureInfo.InvariantCulture, $"the request is not JSON (line {line + 1})")
                : "the request holds a string that is not UTF-8";
            return false;
        }
    }

    /// <summary>Says why a body of this length cannot be the one the meta describes; null when it can.</summary>
    internal static string? Contradiction(FixtureMeta meta, long bodyLength)
    {
        if (meta.Chunks is null)
        {
            return null;
        }

        var sum = 0L;
        foreach (var size in meta.Chunks)
        {
            sum += size;
        }

        return sum == bodyLength
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the chunks add up to {sum} bytes, the body has {bodyLength}");
    }

    private static bool TryReadStatus(string line, out int status)
    {
        status = 0;
        return line.Length >= 12 && line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            && (line.Length == 12 || line[12] == ' ')
            && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out status)
            && status is >= 200 and <= 599;
    }

    private static bool IsToken(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    private static List<KeyValuePair<string, string>> ReadHeaders(JsonElement? headers)
    {
        var read = new List<KeyValuePair<string, string>>();
        if (headers is { } all)
        {
            foreach (var header in all.EnumerateObject())
            {
                if (header.Value.ValueKind == JsonValueKind.String)
                {
                    read.Add(new(header.Name.ToLowerInvariant(), header.Value.GetString() ?? ""));
                }
            }
        }

        return read;
    }

    private static ReadOnlyMemory<byte> ReadBody(JsonElement root)
    {
        if (RequestFactsReader.Get(root, "body") is { } body)
        {
            return JsonMarshal.GetRawUtf8Value(body).ToArray();
        }

        return RequestFactsReader.Text(root, "body_text") is { } text ? Encoding.UTF8.GetBytes(text) : default;
    }

    private static bool TryReadMeta(JsonElement? element, out FixtureMeta meta, out string problem)
    {
        meta = new FixtureMeta();
        List<int>? chunks = null;
        foreach (var item in RequestFactsReader.Items(RequestFactsReader.Get(element, "chunks")))
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var size) || size <= 0)
            {
                problem = "meta.chunks may hold whole numbers above zero only";
                return false;
            }

            (chunks ??= []).Add(size);
        }

        List<double>? timing = null;
        foreach (var item in RequestFactsReader.Items(RequestFactsReader.Get(element, "timing")))
        {
            if (!TryReadMilliseconds(item, out var at) || (timing is { Count: > 0 } && at < timing[^1]))
            {
                problem = "meta.timing may hold milliseconds that never fall only";
                return false;
            }

            (timing ??= []).Add(at);
        }

        if (timing is not null && timing.Count != chunks?.Count)
        {
            problem = "meta.timing needs one entry per entry of meta.chunks";
            return false;
        }

        var delay = 0d;
        if (RequestFactsReader.Get(element, "head_delay") is { } headDelay && !TryReadMilliseconds(headDelay, out delay))
        {
            problem = "meta.head_delay is not a number of milliseconds";
            return false;
        }

        meta = new FixtureMeta
        {
            Fidelity = RequestFactsReader.Text(element, "fidelity") ?? "exact",
            RequestRecorded = RequestFactsReader.Get(element, "request_recorded") is not { ValueKind: JsonValueKind.False },
            WasEncoded = RequestFactsReader.Get(element, "was_encoded") is { ValueKind: JsonValueKind.True },
            Chunks = chunks,
            Timing = timing,
            HeadDelay = delay,
            EndsInReset = RequestFactsReader.Text(element, "ended") is "reset",
        };
        problem = "";
        return true;
    }

    // An hour is far beyond any answer and keeps the arithmetic of replaying away from overflow.
    private static bool TryReadMilliseconds(JsonElement item, out double value)
    {
        value = 0;
        return item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out value) && value is >= 0 and <= 3_600_000;
    }
}
