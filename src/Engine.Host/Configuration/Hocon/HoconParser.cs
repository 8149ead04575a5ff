namespace Engine.Host.Configuration.Hocon;

/// <summary>
/// Tokens → nodes, by recursive descent. A method that meets a fault records it and returns null or false; the innermost
/// object or list then skips to the end of that field or element and goes on, so that one run finds every fault.
/// </summary>
internal sealed class HoconParser
{
    private readonly HoconTokenCursor _tokens;
    private readonly HoconScope _scope;
    private readonly Func<HoconInclude, ObjectNode?> _include;

    // The path, within this file, of the object being read.
    private readonly List<string> _path = [];
    private int _nesting;
    private int _listDepth;

    private HoconParser(HoconTokenCursor tokens, HoconScope scope, Func<HoconInclude, ObjectNode?> include)
    {
        _tokens = tokens;
        _scope = scope;
        _include = include;
        _listDepth = scope.IsInList ? 1 : 0;
    }

    /// <summary>The root object or list of one file; faults are added to the list.</summary>
    public static HoconNode Parse(
        IReadOnlyList<HoconToken> tokens, HoconScope scope, List<ConfigFault> faults, Func<HoconInclude, ObjectNode?> include) =>
        new HoconParser(new HoconTokenCursor(tokens, faults), scope, include).Document();

    private HoconNode Document()
    {
        _tokens.SkipBlanks();
        var first = _tokens.Current;
        if (first.Kind is not (HoconTokenKind.OpenBrace or HoconTokenKind.OpenBracket))
        {
            var root = new ObjectNode(first.Origin);
            Sequence(HoconTokenKind.End, () => Field(root));
            return root;
        }

        HoconNode? node = first.Kind == HoconTokenKind.OpenBrace ? Object() : List();
        _tokens.SkipBlanks();
        if (node is not null && _tokens.Kind != HoconTokenKind.End)
        {
            _tokens.Fail($"the file's outermost bracket is closed, but {_tokens.Name()} follows");
        }

        return node ?? new ObjectNode(first.Origin);
    }

    private ObjectNode? Object()
    {
        var open = _tokens.Current;
        if (!Enter())
        {
            return null;
        }

        var node = new ObjectNode(open.Origin);
        Sequence(HoconTokenKind.CloseBrace, () => Field(node));
        return Leave(open, HoconTokenKind.CloseBrace) ? node : null;
    }

    private ListNode? List()
    {
        var open = _tokens.Current;
        if (!Enter())
        {
            return null;
        }

        _listDepth++;
        var items = new List<HoconNode>();
        Sequence(HoconTokenKind.CloseBracket, () => Item(items));
        _listDepth--;
        return Leave(open, HoconTokenKind.CloseBracket) ? new ListNode(open.Origin, items) : null;
    }

    // Elements separated by one comma or at least one newline, up to the closing token, which stays.
    private void Sequence(HoconTokenKind close, Func<bool> element)
    {
        var elementBefore = false;
        var separated = true;
        while (true)
        {
            separated |= _tokens.SkipBlanks();
            var token = _tokens.Current;
            if (token.Kind == close || token.Kind == HoconTokenKind.End)
            {
                return;
            }

            if (token.Kind is HoconTokenKind.CloseBrace or HoconTokenKind.CloseBracket)
            {
                if (close != HoconTokenKind.End)
                {
                    return;
                }

                _tokens.Fail($"'{token.Text}' closes nothing");
                _tokens.Take();
            }
            else if (token.Kind == HoconTokenKind.Comma)
            {
                if (!elementBefore)
                {
                    _tokens.Fail("there is nothing before this comma");
                }

                _tokens.Take();
                elementBefore = false;
                separated = true;
            }
            else
            {
                if (!separated)
                {
                    _tokens.Fail($"a comma or a newline is needed before {_tokens.Name()}");
                }

                if (!element())
                {
                    _tokens.Recover();
                }

                elementBefore = true;
                separated = false;
            }
        }
    }

    private bool Item(List<HoconNode> items)
    {
        if (Value() is not { } item)
        {
            return false;
        }

        items.Add(item);
        return true;
    }

    private bool Field(ObjectNode into)
    {
        var key = _tokens.Current;
        if (key is { Kind: HoconTokenKind.Unquoted, Text: "include" })
        {
            return Include(into);
        }

        if (Key() is not { } path || Separator(path, key) is not { } appends)
        {
            return false;
        }

        _path.AddRange(path.Elements);
        var value = Value();
        if (value is not null && appends)
        {
            value = Appended(key.Origin, value);
        }

        _path.RemoveRange(_path.Count - path.Elements.Length, path.Elements.Length);
        if (value is null)
        {
            return false;
        }

        into.Assign(path.Elements.AsSpan(), value, key.Origin);
        return true;
    }

    private HoconPath? Key()
    {
        var first = _tokens.Current;
        var pieces = new List<HoconToken>();
        while (_tokens.Kind is HoconTokenKind.Quoted or HoconTokenKind.Unquoted or HoconTokenKind.Whitespace)
        {
            pieces.Add(_tokens.Take());
        }

        if (pieces.Count == 0)
        {
            _tokens.Fail(first.Kind switch
            {
                HoconTokenKind.Bad => first.Text,
                HoconTokenKind.Substitution => "a substitution cannot stand in a key",
                _ => $"a key is expected here, not {_tokens.Name()}",
            });
            return null;
        }

        var path = HoconPath.Read(HoconLexer.Trim(pieces), out var fault);
        if (path is null)
        {
            _tokens.Fail(fault, first.Origin);
        }

        return path;
    }

    // Steps to the value; true for +=, null after a fault.
    private bool? Separator(HoconPath path, HoconToken key)
    {
        var behindKey = _tokens.At;
        _tokens.SkipBlanks();
        var appends = _tokens.Kind == HoconTokenKind.PlusEquals;
        if (appends && _listDepth > 0)
        {
            _tokens.Fail("'+=' cannot be used inside a list, where no path leads to the earlier value", key.Origin);
            return null;
        }

        if (appends || _tokens.Kind == HoconTokenKind.Separator)
        {
            _tokens.Take();
            _tokens.SkipBlanks();
        }
        else if (_tokens.Kind == HoconTokenKind.Bad)
        {
            _tokens.Fail(_tokens.Current.Text);
            return null;
        }
        else if (_tokens.Kind != HoconTokenKind.OpenBrace)
        {
            _tokens.ReturnTo(behindKey);
            _tokens.Fail($"the key {path} needs '=', ':' or '{{' and a value behind it", key.Origin);
            return null;
        }

        return appends;
    }

    // a += b is a = ${?a} [b], and the earlier a is looked for nowhere but in this file's own place.
    private ConcatenationNode Appended(HoconOrigin origin, HoconNode value)
    {
        var self = new HoconSubstitution(new HoconPath([.. _path]), IsOptional: true, IsList: false);
        return new ConcatenationNode(origin, [new SubstitutionNode(origin, self, [_scope.Roots[0]]), new ListNode(value.Origin, [value])]);
    }

    private HoconNode? Value()
    {
        var pieces = new List<HoconNode>();
        while (true)
        {
            var token = _tokens.Current;
            switch (token.Kind)
            {
                case HoconTokenKind.Quoted:
                    pieces.Add(new LiteralNode(token.Origin, HoconLiteralKind.String, token.Text));
                    _tokens.Take();
                    break;
                case HoconTokenKind.Unquoted:
                    pieces.Add(LiteralNode.Unquoted(token.Origin, token.Text));
                    _tokens.Take();
                    break;
                case HoconTokenKind.Whitespace:
                    pieces.Add(new LiteralNode(token.Origin, HoconLiteralKind.String, token.Text) { IsBlank = true });
                    _tokens.Take();
                    break;
                case HoconTokenKind.Substitution:
                    pieces.Add(new SubstitutionNode(token.Origin, token.Substitution!, _scope.Roots));
                    _tokens.Take();
                    break;
                case HoconTokenKind.OpenBrace or HoconTokenKind.OpenBracket:
                    HoconNode? inner = token.Kind == HoconTokenKind.OpenBrace ? Object() : List();
                    if (inner is null)
                    {
                        return null;
                    }

                    pieces.Add(inner);
                    break;
                case HoconTokenKind.Separator or HoconTokenKind.PlusEquals:
                    _tokens.Fail($"'{token.Text}' inside a value must be inside quotes");
                    return null;
                case HoconTokenKind.Bad:
                    _tokens.Fail(token.Text);
                    return null;
                default:
                    return Concatenated(pieces);
            }
        }
    }

    private HoconNode? Concatenated(List<HoconNode> pieces)
    {
        if (pieces is [.., LiteralNode { IsBlank: true }])
        {
            pieces.RemoveAt(pieces.Count - 1);
        }

        if (pieces.Count > 0)
        {
            return ConcatenationNode.Of(pieces);
        }

        _tokens.Fail($"a value is expected here, not {_tokens.Name()}");
        return null;
    }

    private bool Include(ObjectNode into)
    {
        var origin = _tokens.Take().Origin;
        if (HoconIncludeStatement.Read(_tokens, origin) is not { } statement)
        {
            return false;
        }

        var scope = _scope.Within(_path, _listDepth > 0);
        if (_include(new HoconInclude(origin, statement.Name, statement.IsRequired, scope)) is { } included)
        {
            into.Append(included);
        }

        return true;
    }

    private bool Enter()
    {
        if (_nesting >= HoconLimits.Nesting)
        {
            return _tokens.Fail($"brackets are nested deeper than {HoconLimits.Nesting}");
        }

        _nesting++;
        _tokens.Take();
        return true;
    }

    private bool Leave(HoconToken open, HoconTokenKind close)
    {
        _nesting--;
        if (_tokens.Kind == close)
        {
            _tokens.Take();
            return true;
        }

        return _tokens.Kind == HoconTokenKind.End
            ? _tokens.Fail($"this '{open.Text}' is never closed", open.Origin)
            : _tokens.Fail($"'{_tokens.Current.Text}' does not close the '{open.Text}' of line {open.Origin.Line}");
    }
}
