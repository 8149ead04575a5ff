using System.Text.Json;
using Engine.Host.Configuration.Hocon;

namespace Engine.Host.Configuration;

/// <summary>A <c>--set key=value</c> of the command line: one more assignment behind the last line of the file.</summary>
internal static class ConfigOverride
{
    /// <summary>What messages name as the file; the line is the number of the override, from 1.</summary>
    public const string File = "--set";

    private static readonly string[] Roots = ["engine", "definitions"];

    /// <summary>Assigns to the root. A key that does not start with <c>engine</c> or <c>definitions</c> stands below the former.</summary>
    public static void Apply(ObjectNode root, string text, int number, List<ConfigFault> faults)
    {
        var origin = new HoconOrigin(File, number, 1);
        var equals = IndexOfEquals(text);
        if (equals <= 0)
        {
            faults.Add(ConfigFault.At(origin, "an override is written key=value"));
            return;
        }

        var first = HoconLexer.Tokenise(text[..equals], File)[0].Text;
        var isRooted = Roots.Contains(first.Split('.')[0], StringComparer.Ordinal);
        var scope = isRooted ? HoconScope.Whole : HoconScope.Whole.Within(["engine"], inList: false);
        var tokens = HoconLexer.Tokenise(text[..(equals + 1)] + Value(text[(equals + 1)..]), File, number);
        var parsed = HoconParser.Parse(tokens, scope, faults, include =>
        {
            faults.Add(ConfigFault.At(include.Origin, "files are included by files only"));
            return null;
        });
        if (parsed is not ObjectNode fields)
        {
            faults.Add(ConfigFault.At(origin, "an override is written key=value"));
        }
        else if (isRooted)
        {
            root.Append(fields);
        }
        else
        {
            root.Assign(["engine"], fields, origin);
        }
    }

    // Without brackets, quotes or substitutions a value is what it says, to its end: URLs and passwords need no quotes.
    private static string Value(string text) =>
        text.AsSpan().IndexOfAny("{[\"$") >= 0 || LiteralNode.Unquoted(default, text.Trim()).Kind != HoconLiteralKind.String
            ? text
            : $"\"{JsonEncodedText.Encode(text.Trim())}\"";

    private static int IndexOfEquals(string text)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            isQuoted ^= text[i] == '"';
            if (text[i] == '=' && !isQuoted)
            {
                return i;
            }
        }

        return -1;
    }
}
