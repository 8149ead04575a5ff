using Engine.Wire.Completion;
using Engine.Wire.Json;
using Engine.Wire.Normalising.Schemas;

namespace Engine.Wire.Normalising;

/// <summary>Turns the strings of a numeric or boolean enum in returned arguments back into what they stand for (pitfall 88).</summary>
internal sealed class ArgumentCoercionSink : ArgumentRewritingSink
{
    private readonly KeyValuePair<byte[], ArgumentCoercion>[] _tools;
    private readonly HeldBytes _rewritten = new();

    /// <summary>Takes the tools' names as the upstream knows them.</summary>
    public ArgumentCoercionSink(ICompletionSink next, KeyValuePair<byte[], ArgumentCoercion>[] tools)
        : base(next) => _tools = tools;

    protected override int RewriteOf(EscapedText name)
    {
        for (var i = 0; i < _tools.Length; i++)
        {
            if (name.TextEquals(_tools[i].Key))
            {
                return i;
            }
        }

        return -1;
    }

    protected override bool Rewrite(BlockKey key, int rewrite, ReadOnlySpan<byte> json)
    {
        _rewritten.Clear();
        if (!_tools[rewrite].Value.TryApply(json, _rewritten))
        {
            return false;
        }

        Next.ToolArguments(key, RawJson.FromUtf8(_rewritten.Span));
        return true;
    }
}
