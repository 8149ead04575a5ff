using System.Text.Json;

namespace Engine.Wire.Json;

/// <summary>
/// Walks one JSON value forwards and hands out slices. Every value method consumes exactly one value, whatever its type, so a
/// loop over properties stays in step even when the upstream sends another type than expected:
/// <code>
/// if (cursor.EnterObject()) while (cursor.NextProperty())
///     if (cursor.NameIs("id"u8)) id = cursor.ReadText(); else cursor.SkipValue();
/// </code>
/// Slices are valid as long as the span the cursor was made over.
/// </summary>
public ref struct JsonCursor
{
    // Tool schemas nest deeper than the framework's default of 64.
    internal const int MaxDepth = 256;

    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    // True while the reader already stands on the value that the next value method is to consume (array elements).
    private bool _onValue;

    /// <summary>Starts before the value.</summary>
    public JsonCursor(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Steps into an object. Anything else is skipped and answers false.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public bool EnterObject() => Enter(JsonTokenType.StartObject);

    /// <summary>Steps into an array. Anything else is skipped and answers false.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public bool EnterArray() => Enter(JsonTokenType.StartArray);

    /// <summary>Moves to the next property of the object entered last; false at its end.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public bool NextProperty()
    {
        Read();
        return _reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the next element of the array entered last; false at its end.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public bool NextElement()
    {
        Read();
        _onValue = _reader.TokenType != JsonTokenType.EndArray;
        return _onValue;
    }

    /// <summary>Compares the current property's name (which may be escaped on the wire).</summary>
    public readonly bool NameIs(ReadOnlySpan<byte> name) =>
        _reader.ValueIsEscaped ? Name.TextEquals(name) : _reader.ValueSpan.SequenceEqual(name);

    /// <summary>The current property's name, escaped as it stood on the wire.</summary>
    public readonly EscapedText Name => EscapedText.FromContent(_reader.ValueSpan);

    /// <summary>A string's inside; empty for <c>null</c> and other types.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public EscapedText ReadText() => TryReadText(out var text) ? text : default;

    /// <summary>True and a string's inside, or false for <c>null</c> and other types.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public bool TryReadText(out EscapedText text)
    {
        MoveToValue();
        if (_reader.TokenType == JsonTokenType.String)
        {
            text = EscapedText.FromContent(_reader.ValueSpan);
            return true;
        }

        _reader.Skip();
        text = default;
        return false;
    }

    /// <summary>The whole value, whatever it is; empty for <c>null</c>.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public RawJson ReadRaw()
    {
        MoveToValue();
        if (_reader.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return RawJson.FromUtf8(_json[start..(int)_reader.BytesConsumed]);
    }

    /// <summary>An integer, also when it came as a string (proto3-JSON int64) or with a fraction of zero.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public bool TryReadInteger(out long value)
    {
        MoveToValue();
        value = 0;
        switch (_reader.TokenType)
        {
            case JsonTokenType.Number when _reader.TryGetInt64(out value):
                return true;
            case JsonTokenType.Number when _reader.TryGetDouble(out var real) && Math.Abs(real) < long.MaxValue:
                value = (long)real;
                return true;
            case JsonTokenType.String:
                return System.Buffers.Text.Utf8Parser.TryParse(_reader.ValueSpan, out value, out var used) && used == _reader.ValueSpan.Length;
            default:
                _reader.Skip();
                return false;
        }
    }

    /// <summary>An integer, or <paramref name="otherwise"/> for <c>null</c> and other types.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public long ReadInteger(long otherwise = 0) => TryReadInteger(out var value) ? value : otherwise;

    /// <summary>True only for <c>true</c>.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public bool ReadTrue()
    {
        MoveToValue();
        var yes = _reader.TokenType == JsonTokenType.True;
        _reader.Skip();
        return yes;
    }

    /// <summary>Consumes the value and forgets it.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public void SkipValue()
    {
        MoveToValue();
        _reader.Skip();
    }

    private bool Enter(JsonTokenType start)
    {
        MoveToValue();
        if (_reader.TokenType == start)
        {
            return true;
        }

        _reader.Skip();
        return false;
    }

    private void MoveToValue()
    {
        if (_onValue)
        {
            _onValue = false;
            return;
        }

        Read();
    }

    private void Read()
    {
        if (!_reader.Read())
        {
            throw new JsonException("The JSON value ends early.");
        }
    }
}
