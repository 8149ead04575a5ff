namespace Engine.Wire.Completion;

/// <summary>
/// Tells whether the fragments of a call's arguments form one complete JSON value. The fragments are JSON text inside a JSON
/// string, so a quote of the arguments is an escape here; they may be cut anywhere. Knows brackets and strings, not grammar: a
/// malformed text may count as complete.
/// </summary>
public struct ToolArgumentScanner
{
    // Levels of the outer string's escape: none, after the backslash, and 2 + hex digits read of \uXXXX.
    private int _escape;
    private int _unit;
    private int _depth;
    private bool _inString;
    private bool _inStringEscape;

    /// <summary>True once the outermost bracket or string has closed.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>True when something other than white space followed a complete value.</summary>
    public bool HasOverrun { get; private set; }

    /// <summary>Reads the next fragment.</summary>
    public void Feed(ReadOnlySpan<byte> escaped)
    {
        while (!escaped.IsEmpty)
        {
            if (_inString && _escape == 0 && !_inStringEscape)
            {
                // Whatever ends or escapes within the inner string starts with a backslash of the outer one.
                var run = escaped.IndexOf((byte)'\\');
                if (run < 0)
                {
                    return;
                }

                escaped = escaped[run..];
            }

            Next(escaped[0]);
            escaped = escaped[1..];
        }
    }

    private void Next(byte next)
    {
        switch (_escape)
        {
            case 0 when next == (byte)'\\':
                _escape = 1;
                return;
            case 0:
                Decoded(next);
                return;
            case 1 when next == (byte)'u':
                (_escape, _unit) = (2, 0);
                return;
            case 1:
                _escape = 0;
                Decoded(next is (byte)'"' or (byte)'\\' or (byte)'/' ? next : (byte)' ');
                return;
            default:
                _unit = (_unit << 4) | HexDigit(next);
                if (++_escape == 6)
                {
                    _escape = 0;
                    Decoded(_unit < 128 ? (byte)_unit : (byte)'?');
                }

                return;
        }
    }

    private void Decoded(byte next)
    {
        if (_inString)
        {
            if (_inStringEscape)
            {
                _inStringEscape = false;
            }
            else if (next == (byte)'\\')
            {
                _inStringEscape = true;
            }
            else if (next == (byte)'"')
            {
                _inString = false;
                IsComplete = _depth == 0;
            }

            return;
        }

        if (next <= (byte)' ')
        {
            return;
        }

        HasOverrun |= IsComplete;
        switch (next)
        {
            case (byte)'"':
                _inString = true;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            case (byte)'}' or (byte)']':
                IsComplete |= --_depth <= 0;
                break;
        }
    }

    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => 0,
    };
}
