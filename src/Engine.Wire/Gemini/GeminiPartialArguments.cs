using System.Globalization;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// The arguments of one call that Vertex streams in pieces (wire/gemini.md §6): each piece names a place by a JSON path and adds
/// a scalar there; pieces of one string are appended to each other. Rare, so it may allocate; bounded.
/// </summary>
internal sealed class GeminiPartialArguments
{
    private const int MaximumBytes = 16 << 20;
    private const int MaximumDepth = 64;

    private readonly Node _root = new();
    private int _held;

    /// <summary>Takes a <c>partialArgs</c> array. Pieces that name no legal place are ignored.</summary>
    /// <exception cref="BufferCapExceededException">The arguments grow too large.</exception>
    public void Add(RawJson pieces)
    {
        var cursor = new JsonCursor(pieces.Utf8);
        if (!cursor.EnterArray())
        {
            return;
        }

        while (cursor.NextElement())
        {
            AddPiece(ref cursor);
        }
    }

    /// <summary>Writes what was collected as one JSON object.</summary>
    public void Write(JsonEmitter emitter)
    {
        if (_root.Members.Count == 0)
        {
            emitter.ObjectStart();
            emitter.ObjectEnd();
        }
        else
        {
            WriteNode(_root, emitter);
        }
    }

    private void AddPiece(scoped ref JsonCursor cursor)
    {
        if (!cursor.EnterObject())
        {
            return;
        }

        EscapedText path = default, text = default;
        RawJson scalar = default;
        var isText = false;
        while (cursor.NextProperty())
        {
            if (cursor.NameIs("jsonPath"u8) || cursor.NameIs("json_path"u8))
            {
                path = cursor.ReadText();
            }
            else if (cursor.NameIs("stringValue"u8) || cursor.NameIs("string_value"u8))
            {
                isText = cursor.TryReadText(out text);
            }
            else if (cursor.NameIs("nullValue"u8) || cursor.NameIs("null_value"u8))
            {
                cursor.SkipValue();
                scalar = RawJson.FromUtf8("null"u8);
            }
            else if (cursor.NameIs("numberValue"u8) || cursor.NameIs("number_value"u8)
                || cursor.NameIs("boolValue"u8) || cursor.NameIs("bool_value"u8))
            {
                scalar = cursor.ReadRaw();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if ((isText || !scalar.IsEmpty) && Find(path.Decode()) is { } node)
        {
            node.IsText = isText;
            Append(node, isText ? text.Content : scalar.Utf8);
        }
    }

    private void Append(Node node, ReadOnlySpan<byte> bytes)
    {
        _held += bytes.Length;
        if (_held > MaximumBytes)
        {
            throw new BufferCapExceededException(MaximumBytes);
        }

        if (!node.IsText)
        {
            node.Scalar.Clear();
        }

        node.Scalar.AddRange(bytes);
    }

    // $.name, $.list[0].name, $['odd name'].
    private Node? Find(string path)
    {
        if (!path.StartsWith('$'))
        {
            return null;
        }

        var node = _root;
        var depth = 0;
        for (var rest = path.AsSpan(1); !rest.IsEmpty;)
        {
            var length = StepLength(rest);
            if (length == 0 || ++depth > MaximumDepth)
            {
                return null;
            }

            var step = rest[..length];
            node = step[0] == '.' ? node.Member(step[1..].ToString())
                : step[1] is '\'' or '"' ? node.Member(step[2..^2].ToString())
                : node.Element(step[1..^1]);
            if (node is null)
            {
                return null;
            }

            rest = rest[length..];
        }

        return depth == 0 ? null : node;
    }

    private static int StepLength(ReadOnlySpan<char> rest)
    {
        if (rest[0] == '.')
        {
            var next = rest[1..].IndexOfAny('.', '[');
            return next == 0 ? 0 : next < 0 ? rest.Length : next + 1;
        }

        if (rest[0] != '[' || rest.Length < 3)
        {
            return 0;
        }

        if (rest[1] is '\'' or '"')
        {
            var end = rest[2..].IndexOf([rest[1], ']']);
            return end < 0 ? 0 : end + 4;
        }

        return rest.IndexOf(']') + 1;
    }

    private static void WriteNode(Node node, JsonEmitter emitter)
    {
        if (node.Elements.Count > 0)
        {
            emitter.ArrayStart();
            node.Elements.ForEach(element => WriteNode(element, emitter));
            emitter.ArrayEnd();
        }
        else if (node.Members.Count > 0)
        {
            emitter.ObjectStart();
            foreach (var (name, member) in node.Members)
            {
                emitter.Name(EscapedText.FromContent(JsonStrings.Escape(name)));
                WriteNode(member, emitter);
            }

            emitter.ObjectEnd();
        }
        else if (node.IsText)
        {
            emitter.Text(EscapedText.FromContent(node.Scalar.ToArray()));
        }
        else
        {
            emitter.Raw(RawJson.FromUtf8(node.Scalar.Count > 0 ? node.Scalar.ToArray() : "null"u8));
        }
    }

    private sealed class Node
    {
        public List<KeyValuePair<string, Node>> Members { get; } = [];

        public List<Node> Elements { get; } = [];

        public List<byte> Scalar { get; } = [];

        public bool IsText { get; set; }

        public Node Member(string name)
        {
            foreach (var (known, node) in Members)
            {
                if (string.Equals(known, name, StringComparison.Ordinal))
                {
                    return node;
                }
            }

            var added = new Node();
            Members.Add(new KeyValuePair<string, Node>(name, added));
            return added;
        }

        // Elements come in order; a gap has no value that could stand in it.
        public Node? Element(ReadOnlySpan<char> digits)
        {
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > Elements.Count)
            {
                return null;
            }

            if (index == Elements.Count)
            {
                Elements.Add(new Node());
            }

            return Elements[index];
        }
    }
}
