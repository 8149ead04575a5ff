using System.Text.Json;

namespace Engine.Host.Tests.Configuration.Hocon;

/// <summary>Writes a tree as HOCON in any of the many ways there are: the choices follow from a number.</summary>
internal sealed class TreeWriter(int seed)
{
    private readonly Random _choice = new(seed);

    public static string Write(Tree tree, int seed) => new TreeWriter(seed).Root(tree);

    public string Value(Tree tree) => tree switch
    {
        Tree.Text text => Text(text.Value),
        Tree.Items items => $"[{Blank()}{Sequence([.. items.Values.Select(Value)])}{Blank()}]",
        Tree.Fields fields => $"{{{Blank()}{Body(fields)}{Blank()}}}",
        _ => tree.ToJson(),
    };

    /// <summary>A path element as a key can have it.</summary>
    public string Key(string key) => IsPlain(key) && key != "include" && One() ? key : JsonSerializer.Serialize(key);

    private string Root(Tree tree) => tree is Tree.Fields fields && One() ? Blank() + Body(fields) + Blank() : Blank() + Value(tree) + Blank();

    private string Body(Tree.Fields fields) => Sequence([.. fields.Pairs.Select(pair => Field(Key(pair.Key), pair.Value))]);

    // A single field of a single field may be written with a dotted key; an object in two parts.
    private string Field(string path, Tree value)
    {
        if (value is Tree.Fields { Pairs: [var only] } && One())
        {
            return Field($"{path}.{Key(only.Key)}", only.Value);
        }

        if (value is Tree.Fields { Pairs.Length: > 1 } whole && One())
        {
            var (left, right) = (new Tree.Fields(whole.Pairs[..1]), new Tree.Fields(whole.Pairs[1..]));
            return One() ? $"{path} {Value(left)} {Value(right)}" : $"{path} {Value(left)}\n{path} {Value(right)}";
        }

        return $"{path}{Blank()}{(value is Tree.Fields && One() ? "" : One() ? "=" : ":")}{Blank()}{Value(value)}";
    }

    private string Sequence(string[] elements)
    {
        var text = "";
        for (var i = 0; i < elements.Length; i++)
        {
            var isLast = i == elements.Length - 1;
            text += elements[i] + (isLast ? _choice.Next(3) == 0 ? "," : "" : _choice.Next(3) switch { 0 => ",", 1 => "\n", _ => " # note\n , // more\n" });
        }

        return text;
    }

    private string Text(string text) => _choice.Next(3) switch
    {
        0 when IsPlain(text) && !IsToken(text) => text,
        1 when !text.Contains('"', StringComparison.Ordinal) => $"\"\"\"{text}\"\"\"",
        _ => JsonSerializer.Serialize(text),
    };

    private string Blank() => _choice.Next(6) switch { 0 => " ", 1 => "\n", 2 => " # x = {\n", 3 => "\t//y\n\u00A0", _ => "" };

    private bool One() => _choice.Next(2) == 0;

    private static bool IsPlain(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsToken(string text) => text is "true" or "false" or "null";
}
