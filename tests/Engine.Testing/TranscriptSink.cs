using System.Globalization;
using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Testing;

/// <summary>
/// The common tongue of Wire tests: one line per event. <c>text#0 "Hel"</c>, <c>tool+#1 "call_7" "get_weather"</c>,
/// <c>finish Stop "end_turn" "" ""</c>. <see cref="Transcript"/> plays lines back into a sink.
/// </summary>
public sealed class TranscriptSink : ICompletionSink
{
    private readonly List<string> _lines = [];

    /// <summary>One line per event, as it came.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The same with neighbouring deltas of one block joined: what must not depend on how a stream was cut.</summary>
    public IReadOnlyList<string> Coalesced
    {
        get
        {
            var joined = new List<string>();
            foreach (var line in _lines)
            {
                var head = line.Split(' ')[0];
                var isDelta = head.Split('#')[0] is "text" or "reasoning" or "args" or "refusal";
                if (isDelta && joined.Count > 0 && joined[^1].StartsWith(head + " ", StringComparison.Ordinal))
                {
                    joined[^1] = joined[^1][..^1] + line[(head.Length + 2)..];
                }
                else
                {
                    joined.Add(line);
                }
            }

            return joined;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', _lines);

    /// <inheritdoc/>
    public void Start(EscapedText id, EscapedText model) => _lines.Add($"start {Q(id)} {Q(model)}");

    /// <inheritdoc/>
    public void Text(BlockKey key, EscapedText delta) => _lines.Add($"text{K(key)} {Q(delta)}");

    /// <inheritdoc/>
    public void Reasoning(BlockKey key, EscapedText delta) => _lines.Add($"reasoning{K(key)} {Q(delta)}");

    /// <inheritdoc/>
    public void Signature(BlockKey key, SignatureFamily family, EscapedText blob) => _lines.Add($"signature{K(key)} {family} {Q(blob)}");

    /// <inheritdoc/>
    public void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data) => _lines.Add($"redacted{K(key)} {family} {Q(data)}");

    /// <inheritdoc/>
    public void ToolStart(BlockKey key, EscapedText id, EscapedText name) => _lines.Add($"tool+{K(key)} {Q(id)} {Q(name)}");

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, EscapedText fragment) => _lines.Add($"args{K(key)} {Q(fragment)}");

    /// <inheritdoc/>
    public void ToolArguments(BlockKey key, RawJson whole) => _lines.Add($"json{K(key)} {Encoding.UTF8.GetString(whole.Utf8)}");

    /// <inheritdoc/>
    public void ToolEnd(BlockKey key) => _lines.Add($"tool-{K(key)}");

    /// <inheritdoc/>
    public void Cite(BlockKey key, in Citation citation) =>
        _lines.Add($"cite{K(key)} {Q(citation.Url)} {Q(citation.Title)} {Q(citation.CitedText)} {citation.Start} {citation.End}");

    /// <inheritdoc/>
    public void Refusal(BlockKey key, EscapedText delta) => _lines.Add($"refusal{K(key)} {Q(delta)}");

    /// <inheritdoc/>
    public void Media(BlockKey key, EscapedText mimeType, EscapedText base64) => _lines.Add($"media{K(key)} {Q(mimeType)} {Q(base64)}");

    /// <inheritdoc/>
    public void Usage(in TokenUsage usage) => _lines.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"usage in={usage.Input} cached={usage.CachedInput} write={usage.CacheWrite} out={usage.Output} reasoning={usage.Reasoning}"));

    /// <inheritdoc/>
    public void Finish(in FinishEvent finish) =>
        _lines.Add($"finish{(finish.Candidate == 0 ? "" : $"@{finish.Candidate}")} {finish.Reason} {Q(finish.Raw)} {Q(finish.StopSequence)} {Q(finish.Explanation)}");

    /// <inheritdoc/>
    public void End() => _lines.Add("end");

    /// <inheritdoc/>
    public void Error(UpstreamError error) => _lines.Add($"error {error.Kind} \"{Encoding.UTF8.GetString(JsonStrings.Escape(error.Message))}\"");

    private static string Q(EscapedText text) => $"\"{text.ToString()}\"";

    private static string K(BlockKey key) => key.Candidate == 0 ? $"#{key.Ordinal}" : $"#{key.Ordinal}@{key.Candidate}";
}
