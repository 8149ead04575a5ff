using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Testing;

/// <summary>Plays lines written by <see cref="TranscriptSink"/> into a sink: writer tests start here.</summary>
public static partial class Transcript
{
    /// <summary>Plays every line in order; empty lines are skipped.</summary>
    public static void Play(string transcript, ICompletionSink sink)
    {
        foreach (var line in transcript.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            PlayLine(line, sink);
        }
    }

    /// <summary>Plays every line in order.</summary>
    public static void Play(IEnumerable<string> lines, ICompletionSink sink) => Play(string.Join('\n', lines), sink);

    private static void PlayLine(string line, ICompletionSink sink)
    {
        var words = line.Split(' ', 2);
        var rest = words.Length > 1 ? words[1] : "";
        var head = Head().Match(words[0]);
        var verb = head.Groups["verb"].Value;
        var key = new BlockKey(Number(head.Groups["ordinal"]), Number(head.Groups["candidate"]));
        var quoted = Quoted().Matches(rest).Select(match => Encoding.UTF8.GetBytes(match.Groups[1].Value)).ToArray();
        EscapedText Q(int index) => EscapedText.FromContent(quoted[index]);

        switch (verb)
        {
            case "start":
                sink.Start(Q(0), Q(1));
                break;
            case "text":
                sink.Text(key, Q(0));
                break;
            case "reasoning":
                sink.Reasoning(key, Q(0));
                break;
            case "signature":
                sink.Signature(key, Enum.Parse<SignatureFamily>(rest.Split(' ')[0]), Q(0));
                break;
            case "redacted":
                sink.RedactedReasoning(key, Enum.Parse<SignatureFamily>(rest.Split(' ')[0]), Q(0));
                break;
            case "tool+":
                sink.ToolStart(key, Q(0), Q(1));
                break;
            case "args":
                sink.ToolArguments(key, Q(0));
                break;
            case "json":
                sink.ToolArguments(key, RawJson.FromUtf8(Encoding.UTF8.GetBytes(rest)));
                break;
            case "tool-":
                sink.ToolEnd(key);
                break;
            case "cite":
                var numbers = rest[(rest.LastIndexOf('"') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                sink.Cite(key, new Citation
                {
                    Url = Q(0),
                    Title = Q(1),
                    CitedText = Q(2),
                    Start = int.Parse(numbers[0], CultureInfo.InvariantCulture),
                    End = int.Parse(numbers[1], CultureInfo.InvariantCulture),
                });
                break;
            case "refusal":
                sink.Refusal(key, Q(0));
                break;
            case "media":
                sink.Media(key, Q(0), Q(1));
                break;
            case "usage":
                var counts = Count().Matches(rest).ToDictionary(match => match.Groups[1].Value, match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);
                sink.Usage(new TokenUsage { Input = counts["in"], CachedInput = counts["cached"], CacheWrite = counts["write"], Output = counts["out"], Reasoning = counts["reasoning"] });
                break;
            case "finish":
                sink.Finish(new FinishEvent
                {
                    Candidate = key.Candidate,
                    Reason = Enum.Parse<FinishReason>(rest.Split(' ')[0]),
                    Raw = Q(0),
                    StopSequence = Q(1),
                    Explanation = Q(2),
                });
                break;
            case "end":
                sink.End();
                break;
            case "error":
                sink.Error(new UpstreamError(Enum.Parse<ErrorKind>(rest.Split(' ')[0]), Q(0).Decode()));
                break;
            default:
                throw new FormatException($"Not a transcript line: {line}");
        }
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^(?<verb>[a-z]+[+-]?)(#(?<ordinal>[0-9]+))?(@(?<candidate>[0-9]+))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Head();

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("([a-z]+)=(-?[0-9]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Count();
}
