using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Gives the calls of freeform tools their input back: <c>{"input":"…"}</c> becomes a fragment that is the input itself. The
/// client's writer knows the tools from the request.
/// </summary>
internal sealed class FreeformInputSink : ArgumentRewritingSink
{
    private readonly byte[][] _tools;

    /// <summary>Takes the names of the freeform tools, as the client wrote them.</summary>
    public FreeformInputSink(ICompletionSink next, byte[][] tools)
        : base(next) => _tools = tools;

    protected override int RewriteOf(EscapedText name)
    {
        for (var i = 0; i < _tools.Length; i++)
        {
            if (name.TextEquals(_tools[i]))
            {
                return i;
            }
        }

        return -1;
    }

    protected override bool Rewrite(BlockKey key, int rewrite, ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        cursor.EnterObject();
        while (cursor.NextProperty())
        {
            if (!cursor.NameIs("input"u8))
            {
                cursor.SkipValue();
            }
            else if (cursor.TryReadText(out var input))
            {
                if (!input.IsEmpty)
                {
                    Next.ToolArguments(key, input);
                }

                return true;
            }
        }

        return false;
    }
}
