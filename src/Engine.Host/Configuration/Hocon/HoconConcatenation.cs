using System.Globalization;
using System.Text;

namespace Engine.Host.Configuration.Hocon;

/// <summary>Values side by side: simple values make one string, lists one list, objects one object; anything else is a fault.</summary>
internal static class HoconConcatenation
{
    public static HoconHead Join(ConcatenationNode node, HoconEvaluator evaluator, List<ConfigFault> faults)
    {
        var pieces = new List<(HoconNode Node, HoconHead Head)>(node.Pieces.Count);
        foreach (var piece in node.Pieces)
        {
            var head = evaluator.Evaluate(piece);
            if (head.IsBroken)
            {
                return head;
            }

            pieces.Add((piece, head));
        }

        var values = pieces.FindAll(piece => piece is { Head.IsUndefined: false, Node: not LiteralNode { IsBlank: true } });
        if (values.Count == 0)
        {
            return HoconHead.Undefined;
        }

        if (values.TrueForAll(value => value.Head.Literal is not null))
        {
            return Text(node, pieces, faults);
        }

        if (values.TrueForAll(value => value.Head.Objects is not null))
        {
            values.Reverse();
            return HoconHead.Object(node.Origin, values.SelectMany(value => value.Head.Objects!));
        }

        var lists = values.ConvertAll(value => (value.Node, Items: ItemsOf(value.Head)));
        var culprit = lists.Find(list => list.Items is null).Node;
        return culprit is null
            ? HoconHead.List(node.Origin, [.. lists.SelectMany(list => list.Items!)])
            : Mixed(culprit, values, faults);
    }

    /// <summary>The elements of a list, or of an object that has numbers for keys; null for anything else.</summary>
    public static IReadOnlyList<HoconNode>? ItemsOf(HoconHead head)
    {
        if (head.Objects is not { } objects)
        {
            return head.Items;
        }

        var entries = objects.SelectMany(fields => fields.Fields)
            .Select(field => (field.Key, Index: IndexOf(field.Key)))
            .Where(entry => entry.Index >= 0)
            .DistinctBy(entry => entry.Key, StringComparer.Ordinal)
            .OrderBy(entry => entry.Index)
            .Select(HoconNode (entry) => new ChainNode(head.Origin, HoconEvaluator.Chain(objects, entry.Key)))
            .ToList();
        return entries.Count == 0 ? null : entries;
    }

    private static int IndexOf(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1;

    private static HoconHead Text(ConcatenationNode node, List<(HoconNode Node, HoconHead Head)> pieces, List<ConfigFault> faults)
    {
        var text = new StringBuilder();
        foreach (var (_, head) in pieces)
        {
            text.Append(head.Literal?.Text);
            if (text.Length > HoconLimits.TextLength)
            {
                faults.Add(ConfigFault.At(node.Origin, $"this string grows longer than {HoconLimits.TextLength} characters"));
                return HoconHead.Broken(node.Origin);
            }
        }

        return HoconHead.Of(new LiteralNode(node.Origin, HoconLiteralKind.String, text.ToString())
        {
            IsFromEnvironment = pieces.Exists(piece => piece.Head.Literal is { IsFromEnvironment: true }),
        });
    }

    private static HoconHead Mixed(HoconNode culprit, List<(HoconNode Node, HoconHead Head)> values, List<ConfigFault> faults)
    {
        var kinds = values.Select(value => Kind(value.Head)).Distinct(StringComparer.Ordinal);
        faults.Add(ConfigFault.At(culprit.Origin, $"{string.Join(" and ", kinds)} cannot stand side by side in one value"));
        return HoconHead.Broken(culprit.Origin);
    }

    private static string Kind(HoconHead head) => head switch
    {
        { Objects: not null } => "an object",
        { Items: not null } => "a list",
        { Literal.Kind: HoconLiteralKind.Null } => "null",
        _ => "a simple value",
    };
}
