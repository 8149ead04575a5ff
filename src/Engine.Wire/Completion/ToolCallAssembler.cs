using System.Text.Json;
using Engine.Wire.Json;

namespace Engine.Wire.Completion;

/// <summary>A call whose arguments are complete. Valid until the next call on its assembler.</summary>
public readonly ref struct AssembledToolCall
{
    /// <summary>The call's id.</summary>
    public EscapedText Id { get; init; }

    /// <summary>The tool.</summary>
    public EscapedText Name { get; init; }

    /// <summary>One JSON object without line breaks, so that it fits a line of SSE or NDJSON. Empty when <see cref="IsValid"/> is false.</summary>
    public RawJson Arguments { get; init; }

    /// <summary>False when the fragments did not make one JSON object.</summary>
    public bool IsValid { get; init; }
}

/// <summary>
/// Collects the arguments of open calls for dialects that can only write a call whole (Gemini, Ollama), whatever pieces they
/// arrive in and however calls interleave. Fragments are unescaped once, at the end, so they may be cut inside an escape.
/// </summary>
public sealed class ToolCallAssembler : IDisposable
{
    private const int MaximumOpenCalls = 512;

    private readonly int _maximum;
    private readonly Dictionary<BlockKey, OpenCall> _open = [];
    private readonly PooledBytes _result = new();
    private long _held;

    /// <summary>An assembler without calls.</summary>
    /// <param name="maximum">Bytes that all open calls together may hold.</param>
    public ToolCallAssembler(int maximum = 32 << 20) => _maximum = maximum;

    /// <summary>Opens a call.</summary>
    /// <exception cref="BufferCapExceededException">Too many calls are open.</exception>
    public void Start(BlockKey key, EscapedText id, EscapedText name)
    {
        if (_open.Count >= MaximumOpenCalls)
        {
            throw new BufferCapExceededException(_maximum);
        }

        _open[key] = new OpenCall(id.Content.ToArray(), name.Content.ToArray());
    }

    /// <summary>Adds a fragment: part of a JSON text inside a JSON string. A call that was never opened is ignored.</summary>
    /// <exception cref="BufferCapExceededException">The open calls would hold too much.</exception>
    public void Append(BlockKey key, EscapedText fragment)
    {
        if (_open.TryGetValue(key, out var call))
        {
            Add(call, fragment.Content);
        }
    }

    /// <summary>Sets the arguments as one JSON value. A call that was never opened is ignored.</summary>
    /// <exception cref="BufferCapExceededException">The open calls would hold too much.</exception>
    public void Set(BlockKey key, RawJson whole)
    {
        if (_open.TryGetValue(key, out var call))
        {
            call.IsWhole = true;
            Add(call, whole.Utf8);
        }
    }

    /// <summary>Closes a call and hands it out; false when it was never opened. No arguments at all are <c>{}</c>.</summary>
    public bool TryEnd(BlockKey key, out AssembledToolCall assembled)
    {
        assembled = default;
        if (!_open.Remove(key, out var call))
        {
            return false;
        }

        using var buffer = call.Arguments;
        _held -= buffer.Length;
        var valid = TryObject(buffer.Span, call.IsWhole, _result);
        assembled = new AssembledToolCall
        {
            Id = EscapedText.FromContent(call.Id),
            Name = EscapedText.FromContent(call.Name),
            Arguments = valid ? RawJson.FromUtf8(_result.Span) : default,
            IsValid = valid,
        };
        return true;
    }

    /// <summary>
    /// Puts arguments into <paramref name="result"/> as one JSON object without line breaks; false when they are not one.
    /// </summary>
    /// <param name="arguments">A JSON value, or JSON text as it stands inside a JSON string.</param>
    /// <param name="whole">True for a JSON value.</param>
    /// <param name="result">Receives the object; its former content is lost.</param>
    public static bool TryObject(ReadOnlySpan<byte> arguments, bool whole, PooledBytes result)
    {
        result.Clear();
        var span = result.GetSpan(Math.Max(arguments.Length, 2));
        int length;
        try
        {
            length = whole ? Copy(arguments, span) : JsonStrings.Unescape(arguments, span);
        }
        catch (JsonException)
        {
            return false;
        }

        var json = span[..length];
        var trimmed = json.Trim(" \t\r\n"u8);
        if (trimmed.IsEmpty || trimmed.SequenceEqual("null"u8))
        {
            length = Copy("{}"u8, span);
        }
        else if (!JsonValidity.IsObject(json))
        {
            return false;
        }

        // In valid JSON a raw line break can only be white space between tokens.
        json.Replace((byte)'\n', (byte)' ');
        json.Replace((byte)'\r', (byte)' ');
        result.Advance(length);
        return true;
    }

    /// <summary>Returns the memory of calls that never ended.</summary>
    public void Dispose()
    {
        foreach (var call in _open.Values)
        {
            call.Arguments.Dispose();
        }

        _open.Clear();
        _result.Dispose();
    }

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        source.CopyTo(destination);
        return source.Length;
    }

    private void Add(OpenCall call, ReadOnlySpan<byte> bytes)
    {
        if (_held + bytes.Length > _maximum)
        {
            throw new BufferCapExceededException(_maximum);
        }

        _held += bytes.Length;
        bytes.CopyTo(call.Arguments.GetSpan(bytes.Length));
        call.Arguments.Advance(bytes.Length);
    }

    private sealed class OpenCall(byte[] id, byte[] name)
    {
        public byte[] Id { get; } = id;

        public byte[] Name { get; } = name;

        public PooledBytes Arguments { get; } = new();

        public bool IsWhole { get; set; }
    }
}
