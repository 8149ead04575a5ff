using System.Collections.Immutable;

namespace Engine.Host.Configuration.Hocon;

/// <summary>What was written, before substitution. Nodes are compared by reference: each is one place in one file.</summary>
internal abstract class HoconNode(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;
}

internal enum HoconLiteralKind
{
    String,
    Number,
    Boolean,
    Null,
}

/// <summary>A string, number, boolean or null with the text it was written as.</summary>
internal sealed class LiteralNode(HoconOrigin origin, HoconLiteralKind kind, string text) : HoconNode(origin)
{
    public HoconLiteralKind Kind { get; } = kind;

    public string Text { get; } = text;

    /// <summary>Unquoted whitespace between the pieces of a concatenation.</summary>
    public bool IsBlank { get; init; }

    /// <summary>Holds something from the environment, so no message may repeat it.</summary>
    public bool IsFromEnvironment { get; init; }

    /// <summary>An unquoted text standing alone: <c>true</c>, <c>null</c> and numbers are what they look like.</summary>
    public static LiteralNode Unquoted(HoconOrigin origin, string text) => new(origin, KindOf(text), text);

    private static HoconLiteralKind KindOf(string text) => text switch
    {
        "true" or "false" => HoconLiteralKind.Boolean,
        "null" => HoconLiteralKind.Null,
        "" => HoconLiteralKind.String,
        _ => HoconCharacters.NumberLength(text) == text.Length ? HoconLiteralKind.Number : HoconLiteralKind.String,
    };
}

internal sealed class ListNode(HoconOrigin origin, IReadOnlyList<HoconNode> items) : HoconNode(origin)
{
    public IReadOnlyList<HoconNode> Items { get; } = items;
}

/// <summary><c>${path}</c>, to be looked up below each scope in turn, the innermost first.</summary>
internal sealed class SubstitutionNode(HoconOrigin origin, HoconSubstitution written, ImmutableArray<ImmutableArray<string>> scopes)
    : HoconNode(origin)
{
    public HoconSubstitution Written { get; } = written;

    /// <summary>The paths of the files around this place: an included file's root first, the whole configuration's (empty) last.</summary>
    public ImmutableArray<ImmutableArray<string>> Scopes { get; } = scopes;
}

/// <summary>Several values side by side, at least one of them not a plain text.</summary>
internal sealed class ConcatenationNode(HoconOrigin origin, IReadOnlyList<HoconNode> pieces) : HoconNode(origin)
{
    public IReadOnlyList<HoconNode> Pieces { get; } = pieces;

    /// <summary>Joins what can be joined without knowing what substitutions stand for.</summary>
    public static HoconNode Of(IReadOnlyList<HoconNode> pieces)
    {
        if (pieces.Count == 1)
        {
            return pieces[0];
        }

        if (pieces.All(piece => piece is LiteralNode))
        {
            var text = string.Concat(pieces.Select(piece => ((LiteralNode)piece).Text));
            return new LiteralNode(pieces[0].Origin, HoconLiteralKind.String, text);
        }

        if (!pieces.All(piece => piece is ObjectNode or LiteralNode { IsBlank: true }))
        {
            return new ConcatenationNode(pieces[0].Origin, pieces);
        }

        var merged = new ObjectNode(pieces[0].Origin);
        foreach (var piece in pieces.OfType<ObjectNode>())
        {
            merged.Append(piece);
        }

        return merged;
    }
}

/// <summary>A field met as a list element: the entries of an object with numbers for keys can stand for a list.</summary>
internal sealed class ChainNode(HoconOrigin origin, IReadOnlyList<FieldLayers> chain) : HoconNode(origin)
{
    public IReadOnlyList<FieldLayers> Chain { get; } = chain;
}
