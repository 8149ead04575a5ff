using System.Collections.Immutable;
using System.Text;

namespace Engine.Host.Configuration.Hocon;

/// <summary>A path expression taken apart: dots outside quotes separate its elements.</summary>
internal sealed class HoconPath(ImmutableArray<string> elements)
{
    public ImmutableArray<string> Elements { get; } = elements;

    /// <summary>Reads the quoted, unquoted and whitespace tokens of a key or substitution, outer whitespace already cut off.</summary>
    public static HoconPath? Read(IReadOnlyList<HoconToken> pieces, out string fault)
    {
        var elements = ImmutableArray.CreateBuilder<string>();
        var element = new StringBuilder();
        var quoted = false;
        foreach (var piece in pieces)
        {
            if (piece.Kind != HoconTokenKind.Unquoted)
            {
                element.Append(piece.Text);
                quoted |= piece.Kind == HoconTokenKind.Quoted;
                continue;
            }

            foreach (var c in piece.Text)
            {
                if (c != '.')
                {
                    element.Append(c);
                    continue;
                }

                if (!Finish(elements, element, ref quoted))
                {
                    fault = "a path has an empty element (two dots, or one at its start): write \"\" for an empty name";
                    return null;
                }
            }
        }

        if (!Finish(elements, element, ref quoted))
        {
            fault = elements.Count == 0 ? "a path is missing" : "a path may not end with a dot";
            return null;
        }

        fault = "";
        return new HoconPath(elements.ToImmutable());
    }

    public override string ToString() => Render(Elements);

    /// <summary>The path as one would write it, quoted where it has to be.</summary>
    public static string Render(IEnumerable<string> elements) => string.Join('.', elements.Select(RenderElement));

    private static string RenderElement(string element) =>
        element.Length > 0 && element.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? element
            : $"\"{element.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool Finish(ImmutableArray<string>.Builder elements, StringBuilder element, ref bool quoted)
    {
        if (element.Length == 0 && !quoted)
        {
            return false;
        }

        elements.Add(element.ToString());
        element.Clear();
        quoted = false;
        return true;
    }
}
