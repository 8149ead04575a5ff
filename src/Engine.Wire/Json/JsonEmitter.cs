using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Engine.Wire.Json;

/// <summary>
/// Writes JSON into a buffer, minimally escaped and without white space, and copies what is already escaped. When the buffer is a
/// <see cref="BodyRope"/>, large slices are linked instead of copied. Writes what it is told: balance is the caller's duty.
/// </summary>
public sealed class JsonEmitter
{
    private IBufferWriter<byte> _output;
    private bool _needsComma;

    /// <summary>Starts a value in <paramref name="output"/>.</summary>
    public JsonEmitter(IBufferWriter<byte> output) => _output = output;

    /// <summary>Starts a new value in another buffer.</summary>
    public void Reset(IBufferWriter<byte> output)
    {
        _output = output;
        _needsComma = false;
    }

    /// <summary><c>{</c></summary>
    public void ObjectStart() => Open((byte)'{');

    /// <summary><c>}</c></summary>
    public void ObjectEnd() => Close((byte)'}');

    /// <summary><c>[</c></summary>
    public void ArrayStart() => Open((byte)'[');

    /// <summary><c>]</c></summary>
    public void ArrayEnd() => Close((byte)']');

    /// <summary>A property name of ours: ASCII that needs no escape.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        var span = _output.GetSpan(name.Length + 4);
        var at = 0;
        if (_needsComma)
        {
            span[at++] = (byte)',';
        }

        span[at++] = (byte)'"';
        name.CopyTo(span[at..]);
        at += name.Length;
        span[at++] = (byte)'"';
        span[at++] = (byte)':';
        _output.Advance(at);
        _needsComma = false;
    }

    /// <summary>A property name from the wire, still escaped.</summary>
    public void Name(EscapedText name)
    {
        Text(name);
        _output.Write(":"u8);
        _needsComma = false;
    }

    /// <summary>A property with an object value, left open.</summary>
    public void ObjectStart(ReadOnlySpan<byte> name)
    {
        Name(name);
        ObjectStart();
    }

    /// <summary>A property with an array value, left open.</summary>
    public void ArrayStart(ReadOnlySpan<byte> name)
    {
        Name(name);
        ArrayStart();
    }

    /// <summary>A string value that is already escaped.</summary>
    public void Text(EscapedText text)
    {
        TextStart();
        _output.Write(text.Content);
        TextEnd();
    }

    /// <summary>A string value that is already escaped; linked when large and the output is a rope.</summary>
    public void Text(EscapedSlice text)
    {
        TextStart();
        TextPiece(text);
        TextEnd();
    }

    /// <summary>A string value of ours, escaped here.</summary>
    public void Text(string text)
    {
        TextStart();
        TextPiece(text);
        TextEnd();
    }

    /// <summary>A string value of ours that needs no escape.</summary>
    public void Literal(ReadOnlySpan<byte> text)
    {
        TextStart();
        _output.Write(text);
        TextEnd();
    }

    /// <summary>A property with <see cref="Text(EscapedText)"/>.</summary>
    public void Text(ReadOnlySpan<byte> name, EscapedText text)
    {
        Name(name);
        Text(text);
    }

    /// <summary>A property with <see cref="Text(EscapedSlice)"/>.</summary>
    public void Text(ReadOnlySpan<byte> name, EscapedSlice text)
    {
        Name(name);
        Text(text);
    }

    /// <summary>A property with <see cref="Text(string)"/>.</summary>
    public void Text(ReadOnlySpan<byte> name, string text)
    {
        Name(name);
        Text(text);
    }

    /// <summary>A property with <see cref="Literal(ReadOnlySpan{byte})"/>.</summary>
    public void Literal(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        Name(name);
        Literal(text);
    }

    /// <summary>Opens a string made of pieces.</summary>
    public void TextStart()
    {
        Comma();
        _output.Write("\""u8);
    }

    /// <summary>A piece that is already escaped.</summary>
    public void TextPiece(EscapedText piece) => _output.Write(piece.Content);

    /// <summary>A piece that is already escaped; linked when large and the output is a rope.</summary>
    public void TextPiece(EscapedSlice piece) => Link(piece.Content);

    /// <summary>A piece of ours, escaped here.</summary>
    public void TextPiece(string piece) => JsonStrings.Escape(Encoding.UTF8.GetBytes(piece), _output);

    /// <summary>A JSON value put into the string as text: its quotes and backslashes are escaped, once.</summary>
    public void TextPiece(RawJson json) => JsonStrings.Escape(json.Utf8, _output);

    /// <summary>Closes a string made of pieces.</summary>
    public void TextEnd()
    {
        _output.Write("\""u8);
        _needsComma = true;
    }

    /// <summary>A complete value copied as it is.</summary>
    public void Raw(RawJson json)
    {
        Comma();
        _output.Write(json.Utf8);
        _needsComma = true;
    }

    /// <summary>A complete value copied as it is; linked when large and the output is a rope.</summary>
    public void Raw(JsonSlice json)
    {
        Comma();
        Link(json.Utf8);
        _needsComma = true;
    }

    /// <summary>A property with <see cref="Raw(RawJson)"/>.</summary>
    public void Raw(ReadOnlySpan<byte> name, RawJson json)
    {
        Name(name);
        Raw(json);
    }

    /// <summary>A property with <see cref="Raw(JsonSlice)"/>.</summary>
    public void Raw(ReadOnlySpan<byte> name, JsonSlice json)
    {
        Name(name);
        Raw(json);
    }

    /// <summary>The JSON value that a JSON string holds as text. The caller knows that the text is one complete value.</summary>
    public void Unescaped(EscapedText text)
    {
        Comma();
        var span = _output.GetSpan(Math.Max(text.Content.Length, 1));
        _output.Advance(JsonStrings.Unescape(text.Content, span));
        _needsComma = true;
    }

    /// <summary>An integer.</summary>
    public void Number(long value)
    {
        Comma();
        var span = _output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out var written);
        _output.Advance(written);
        _needsComma = true;
    }

    /// <summary>A finite number in its shortest round-trip form.</summary>
    public void Number(double value)
    {
        Comma();
        var span = _output.GetSpan(32);
        value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        _output.Advance(written);
        _needsComma = true;
    }

    /// <summary>A property with an integer.</summary>
    public void Number(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Number(value);
    }

    /// <summary>A property with a finite number.</summary>
    public void Number(ReadOnlySpan<byte> name, double value)
    {
        Name(name);
        Number(value);
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public void Boolean(bool value) => Raw(RawJson.FromUtf8(value ? "true"u8 : "false"u8));

    /// <summary>A property with <c>true</c> or <c>false</c>.</summary>
    public void Boolean(ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        Boolean(value);
    }

    /// <summary>A property with <c>null</c>.</summary>
    public void Null(ReadOnlySpan<byte> name)
    {
        Name(name);
        Raw(RawJson.FromUtf8("null"u8));
    }

    private void Open(byte bracket)
    {
        var span = _output.GetSpan(2);
        var at = 0;
        if (_needsComma)
        {
            span[at++] = (byte)',';
        }

        span[at++] = bracket;
        _output.Advance(at);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        _output.GetSpan(1)[0] = bracket;
        _output.Advance(1);
        _needsComma = true;
    }

    private void Comma()
    {
        if (_needsComma)
        {
            _output.GetSpan(1)[0] = (byte)',';
            _output.Advance(1);
        }
    }

    private void Link(ReadOnlyMemory<byte> slice)
    {
        if (_output is BodyRope rope)
        {
            rope.Append(slice);
        }
        else
        {
            _output.Write(slice.Span);
        }
    }
}
