using System.Text;
using Engine.Wire.Completion;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Pairs;

/// <summary>Answers to try: some picked by hand, and any number of generated ones.</summary>
internal static class AnswerScripts
{
    private static readonly TokenUsage SomeUsage = new() { Input = 100, CachedInput = 80, CacheWrite = 0, Output = 20, Reasoning = 5 };

    // Text as it may stand inside a JSON string: every escape, unpaired high surrogates (a low one could pair up with the
    // end of the text before it, where a dialect joins texts), what SSE and JSON would trip over.
    private static readonly Gen<string> Piece = Gen.Elements(
        "a", "Hello ", " ", "  ", "é", "e\u0301", "日本語", "🌍", "👩‍👩‍👧", "\u2028", "\u007f", "\\n", "\\r\\n", "\\t", "\\b\\f", "\\\"", "\\\\", "\\/", "\\u00e9",
        "\\u00E9", "\\ud83d\\ude00", "\\uD83D", "\\ud800", "\\u0000", "\\u001f", "\\u2029", "\\\\n", "\\\\u0041", "data: ", "[DONE]", "</s>", "{\\\"", "}", "event: error",
        "```json", "<think>", "0", "-", "\\u003c");

    private static readonly Gen<string> Delta = Piece.NonEmptyListOf().Select(static pieces => string.Concat(pieces.Take(6)));

    private static readonly Gen<string[]> Deltas = Delta.NonEmptyListOf().Select(static deltas => deltas.Take(5).ToArray());

    private static readonly Gen<string> Signature = Gen.Elements("", "EpIBAQ==", "sig-1", "Ab+\\/9=");

    private static readonly Gen<ScriptCall> Call =
        from name in Gen.Elements("f", "get_weather", "lookup-2", "_x")
        from json in JsonTexts.Object
        from whole in Gen.Elements(true, false)
        from fragments in JsonTexts.Fragments(json)
        select new ScriptCall("", name, json, whole ? null : fragments);

    // No arguments at all are the empty object.
    private static readonly Gen<ScriptCall> AnyCall = Gen.Frequency(
        (8, Call),
        (1, Gen.Constant(new ScriptCall("", "none", "", null))),
        (1, Gen.Constant(new ScriptCall("", "empty", "{}", ["{}"]))));

    private static readonly Gen<ScriptBlock> Block = Gen.Frequency(
        (3, Deltas.Select(static ScriptBlock (deltas) => new TextBlock(deltas))),
        (2, from deltas in Deltas from signature in Signature select (ScriptBlock)new ReasoningBlock(signature, deltas)),
        (3, from calls in AnyCall.NonEmptyListOf()
            from interleaved in Gen.Elements(true, false)
            select (ScriptBlock)new CallsBlock(interleaved, [.. calls.Take(3)])));

    private static readonly Gen<TokenUsage> Usage =
        from cached in Gen.Choose(0, 500)
        from fresh in Gen.Choose(0, 100_000)
        from reasoning in Gen.Choose(0, 5_000)
        from visible in Gen.Choose(0, 5_000)
        select new TokenUsage { Input = cached + fresh, CachedInput = cached, CacheWrite = 0, Output = reasoning + visible, Reasoning = reasoning };

    /// <summary>Any answer. A refusal stands last: a whole OpenAI answer has one place for it, after the text (wire/mapping.md §5.4).</summary>
    public static Gen<AnswerScript> Any { get; } =
        from blocks in Block.NonEmptyListOf()
        from refusal in Gen.Frequency((5, Gen.Constant(Array.Empty<string>())), (1, Deltas))
        from usage in Usage
        from finish in Gen.Elements(FinishReason.Stop, FinishReason.Length, FinishReason.ContentFilter)
        select Numbered(blocks.Take(5), refusal, finish, usage);

    /// <summary>Answers whose every byte is tried as a split and as a cut.</summary>
    public static IReadOnlyList<AnswerScript> Representative { get; } =
    [
        new AnswerScript([new TextBlock("Hel\\nlo \\ud83d\\ude00", " é日🌍\\u00e9\\\\", "[DONE]")], FinishReason.Stop, SomeUsage),
        new AnswerScript(
            [
                new ReasoningBlock("EpIBAQ==", "pl\\u0061n", " 🌍"),
                new TextBlock("I'll \\\"look\\\""),
                new CallsBlock(
                    Interleaved: true,
                    new ScriptCall("call_0", "f", "{\"é\":[1.0,{\"n\":12345678901234567890}]}", ["{\\\"é\\\":[1.0,", "{\\\"n\\\":1234567890", "1234567890}]}"]),
                    new ScriptCall("call_1", "get_weather", "{}", ["{", "}"]))
            ],
            FinishReason.Stop,
            SomeUsage),
        new AnswerScript(
            [
                new CallsBlock(Interleaved: false, new ScriptCall("call_0", "g", "{\"a\":\"\\n\\ud83d\"}", null), new ScriptCall("call_1", "none", "", null)),
                new TextBlock("after 🌍"),
            ],
            FinishReason.Length,
            SomeUsage),
    ];

    private static AnswerScript Numbered(IEnumerable<ScriptBlock> blocks, string[] refusal, FinishReason finish, TokenUsage usage)
    {
        var calls = 0;
        var numbered = blocks.Select(block => block is CallsBlock group
            ? group with { Calls = [.. group.Calls.Select(call => call with { Id = $"call_{calls++}" })] }
            : block).ToList();
        if (refusal.Length > 0)
        {
            numbered.Add(new RefusalBlock(refusal));
        }

        return new AnswerScript(numbered, finish, usage);
    }
}

/// <summary>JSON objects as models write arguments, and the ways in which they are cut into fragments.</summary>
internal static class JsonTexts
{
    private static readonly Gen<string> Scalar = Gen.Elements(
        "1", "1.0", "-0", "0.10", "1e5", "1E+2", "12345678901234567890123", "0.1234567890123456789", "true", "false", "null", "\"\"", "\"x\"", "\"é🌍\"",
        "\"\\n\\\"\\\\\\/\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\u0000\"", "\"{\\\"in\\\":\\\"side\\\"}\"", "\"]}\"", "\"C:\\\\dir\"", "\"\u2028\"");

    private static readonly Gen<string> Name = Gen.Elements("\"a\"", "\"b\"", "\"\"", "\"é\"", "\"\\u0061\"", "\"$ref\"", "\"const\"", "\"a b\"", "\"\\\"\"");

    private static readonly Gen<string> Space = Gen.Elements("", "", "", " ", "  ", "\t");

    /// <summary>Any object: names may repeat, numbers keep their digits, order counts.</summary>
    public static Gen<string> Object { get; } = ObjectOf(3);

    /// <summary>The text inside a JSON string, with needless escapes here and there, cut anywhere but inside an escape.</summary>
    public static Gen<IReadOnlyList<string>> Fragments(string json) =>
        from choices in Gen.Choose(0, 19).ArrayOf(json.Length)
        select (IReadOnlyList<string>)Cut(json, choices);

    private static Gen<string> Value(int depth) => depth == 0
        ? Scalar
        : Gen.Frequency(
            (4, Scalar),
            (1, ObjectOf(depth - 1)),
            (1, from items in Value(depth - 1).ListOf() from space in Space select $"[{string.Join($"{space},", items.Take(3))}{space}]"));

    private static Gen<string> ObjectOf(int depth)
    {
        var property =
            from name in Name
            from space in Space
            from value in Value(depth)
            select $"{name}{space}:{space}{value}";
        return from properties in property.ListOf()
               from space in Space
               select $"{{{space}{string.Join($",{space}", properties.Take(4))}}}";
    }

    private static List<string> Cut(string json, int[] choices)
    {
        var fragments = new List<string>();
        var fragment = new StringBuilder();
        for (var i = 0; i < json.Length; i++)
        {
            var each = json[i];
            var half = char.IsSurrogate(each);

            // Both halves of a pair are escaped alike, and may end up in two fragments.
            var needless = choices[half && char.IsLowSurrogate(each) ? i - 1 : i] == 0;
            fragment.Append(each switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\t' => "\\t",
                _ when needless => $"\\u{(int)each:x4}",
                _ => each.ToString(),
            });
            var insidePair = char.IsHighSurrogate(each) && !needless;
            if (choices[i] is 1 or 2 or 3 && !insidePair)
            {
                fragments.Add(fragment.ToString());
                fragment.Clear();
            }
        }

        if (fragment.Length > 0)
        {
            fragments.Add(fragment.ToString());
        }

        return fragments;
    }
}
