using System.Text;
using Engine.Wire.Completion.Request;
using Engine.Wire.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Pairs;

/// <summary>
/// Conversations that every dialect can express. Left out is what wire/mapping.md declares lost or rewritten: system texts in the
/// middle (§1.1), empty texts and a last turn of the assistant (§1.2), foreign reasoning (§3.5), top_p beside temperature and more
/// than four stop sequences (§4).
/// </summary>
internal static class RequestScripts
{
    private static readonly string Png = Convert.ToBase64String([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 1, 2, 3, 4]);

    private static readonly Gen<EscapedSlice> Text =
        from pieces in Gen.Elements(
            "a", "Hello", " ", "é", "日本語", "🌍", "\\n", "\\r\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "\\u0000", "\\u2028", "<x>", "{\\\"a\\\":1}", "#").ListOf()
        select Slice("t" + string.Concat(pieces.Take(6)));

    private static readonly Gen<Part> UserPart = Gen.Frequency(
        (4, Text.Select(static Part (text) => new TextPart(text))),
        (1, Gen.Constant<Part>(new ImagePart(new MediaSource.Inline("image/png", Slice(Png))))));

    private static readonly Gen<ToolDefinition[]> Tools =
        from count in Gen.Choose(0, 3)
        from schemas in Gen.Elements(
            """{"type":"object","properties":{"a":{"type":"string","description":"é \"x\""}},"required":["a"]}""",
            """{"type":"object","properties":{"title":{"type":"integer"},"const":{"type":"array","items":{"type":"number"}},"$ref":{"type":"boolean"}}}""",
            """{"type":"object","properties":{"o":{"type":"object","properties":{"e":{"type":"string","enum":["x","y"]}},"required":["e"]}}}""").ArrayOf(count)
        from descriptions in Text.ArrayOf(count)
        select schemas.Select((schema, i) => new ToolDefinition(ToolName(i)) { Description = descriptions[i], Schema = JsonSlice.FromString(schema) }).ToArray();

    private static readonly Gen<Step> Steps =
        from user in UserPart.NonEmptyListOf()
        from says in Gen.Elements(true, false)
        from text in Text
        from calls in JsonTexts.Object.ListOf()
        from asText in Gen.Elements(true, false)
        from results in Text.ArrayOf(2)
        from failed in Gen.Elements(false, false, true)
        select new Step([.. user.Take(3)], says || calls.Count == 0 ? text : default, [.. calls.Take(2)], asText, results, failed);

    /// <summary>Any such conversation.</summary>
    public static Gen<CompletionRequest> Any { get; } =
        from system in Text.ListOf()
        from steps in Steps.ListOf()
        from last in UserPart.NonEmptyListOf()
        from tools in Tools
        from choice in Gen.Elements(ToolChoiceMode.Default, ToolChoiceMode.Auto, ToolChoiceMode.None, ToolChoiceMode.Required, ToolChoiceMode.Tool)
        from stops in Gen.SubListOf("END", "\\n\\nHuman:", "é", "</s>")
        from maximum in Gen.Choose(1, 4096)
        from temperature in Gen.Elements<double?>(null, 0, 0.25, 0.7, 1)
        from stream in Gen.Elements(true, false)
        select new CompletionRequest
        {
            Model = "client-model",
            Stream = stream,
            System = [.. system.Take(3).Select(static text => new TextPart(text))],
            Turns = TurnsOf([.. steps.Take(4)], [.. last.Take(2)]),
            Tools = steps.Take(4).Any(static step => step.Calls.Length > 0) ? Declared(tools) : tools,
            ToolChoice = tools.Length == 0 ? ToolChoice.Default : choice == ToolChoiceMode.Tool ? ToolChoice.Only(tools[0].Name) : ToolChoice.Of(choice),
            StopSequences = [.. stops.Select(Slice)],
            MaxOutputTokens = maximum,
            Sampling = new Sampling { Temperature = temperature },
        };

    // Calls in history are of declared tools; others are declared by the passes where a dialect asks for it (wire/mapping.md §2.1).
    private static ToolDefinition[] Declared(ToolDefinition[] tools) =>
    [
        .. tools,
        .. Enumerable.Range(tools.Length, 3 - tools.Length).Select(static i => new ToolDefinition(ToolName(i))
        {
            Description = Slice("d"),
            Schema = JsonSlice.FromString("""{"type":"object","properties":{"x":{"type":"string"}}}"""),
        }),
    ];

    private static List<Turn> TurnsOf(Step[] steps, Part[] last)
    {
        var turns = new List<Turn>();
        Part[] results = [];
        var calls = 0;
        foreach (var step in steps)
        {
            turns.Add(new Turn(TurnRole.User, [.. results, .. step.User]));
            var made = step.Calls.Select(json => new ToolCallPart($"call_{calls}", ToolName(calls++ % 3), ArgumentsOf(json, step.AsText))).ToArray();
            Part[] text = step.Text.IsEmpty ? [] : [new TextPart(step.Text)];
            turns.Add(new Turn(TurnRole.Assistant, [.. text, .. made]));
            results = [.. made.Select((call, i) => new ToolResultPart(call.Id, call.Name, [new TextPart(step.Results[i])], step.Failed))];
        }

        turns.Add(new Turn(TurnRole.User, [.. results, .. last]));
        return turns;
    }

    private static ToolArguments ArgumentsOf(string json, bool asText) =>
        asText ? ToolArguments.FromText(EscapedSlice.FromString(json)) : ToolArguments.FromObject(JsonSlice.FromString(json));

    private static string ToolName(int index) => index switch { 0 => "f", 1 => "get_weather", _ => "lookup-2" };

    private static EscapedSlice Slice(string escaped) => EscapedSlice.FromContent(Encoding.UTF8.GetBytes(escaped));

    private sealed record Step(Part[] User, EscapedSlice Text, string[] Calls, bool AsText, EscapedSlice[] Results, bool Failed);
}
