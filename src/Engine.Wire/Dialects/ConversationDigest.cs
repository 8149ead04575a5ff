using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Engine.Wire.Json;

namespace Engine.Wire.Dialects;

/// <summary>
/// Makes a conversation's key: the first 128 bits of a SHA-256, never 0. JSON goes in token by token, so that white space does not
/// matter, and without <c>cache_control</c>, which agents move from turn to turn. The input starts with what kind of key it is,
/// so an id never equals a prefix. Holds a pooled buffer and the hash until disposed.
/// </summary>
internal sealed class ConversationDigest : IDisposable
{
    private const int BufferLength = 4096;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // Collects short tokens: a call into the hash costs more than copying them.
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private int _filled;

    private ConversationDigest(ReadOnlySpan<byte> kind) => Add(kind);

    /// <summary>The key of an id that a client gave in a header.</summary>
    public static UInt128 OfId(ReadOnlySpan<char> id)
    {
        using var digest = new ConversationDigest("id:"u8);
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(id.Length));
        try
        {
            digest.Add(utf8.AsSpan(0, Encoding.UTF8.GetBytes(id, utf8)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }

        return digest.Finish();
    }

    /// <summary>The key of an id that a client gave in the body; equal to that of the same id in a header.</summary>
    public static UInt128 OfId(EscapedText id)
    {
        using var digest = new ConversationDigest("id:"u8);
        var utf8 = ArrayPool<byte>.Shared.Rent(id.Content.Length);
        try
        {
            digest.Add(utf8.AsSpan(0, JsonStrings.Unescape(id.Content, utf8)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }

        return digest.Finish();
    }

    /// <summary>Starts the key of a stable prefix.</summary>
    public static ConversationDigest OfPrefix() => new("prefix:"u8);

    /// <summary>Adds bytes that cannot be mistaken for what follows them.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > _buffer.Length - _filled)
        {
            Flush();
        }

        if (utf8.Length > _buffer.Length)
        {
            _hash.AppendData(utf8);
            return;
        }

        utf8.CopyTo(_buffer.AsSpan(_filled));
        _filled += utf8.Length;
    }

    /// <summary>Adds a string, as it stood on the wire.</summary>
    public void AddText(EscapedText text)
    {
        Add("\""u8);
        Add(text.Content);
        Add("\","u8);
    }

    /// <summary>
    /// Adds what a turn or a system prompt says. A plain string equals a list of one text: agents change one into the other when
    /// they put a cache breakpoint there.
    /// </summary>
    public void AddContent(RawJson content)
    {
        if (content.IsEmpty || content.Utf8[0] != (byte)'"')
        {
            AddValue(content);
            return;
        }

        Add("[{\"type\":\"text\",\"text\":"u8);
        AddValue(content);
        Add("},],"u8);
    }

    /// <summary>Adds a JSON value; an absent one like <c>null</c>.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public void AddValue(RawJson value)
    {
        if (value.IsEmpty)
        {
            Add("null,"u8);
            return;
        }

        var reader = new Utf8JsonReader(value.Utf8, new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth });
        while (reader.Read())
        {
            AddToken(ref reader);
        }
    }

    /// <summary>The key. Ends the digest.</summary>
    public UInt128 Finish()
    {
        Flush();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        var key = BinaryPrimitives.ReadUInt128BigEndian(hash);
        return key == UInt128.Zero ? UInt128.One : key;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private void AddToken(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Add("{"u8);
                break;
            case JsonTokenType.EndObject:
                Add("},"u8);
                break;
            case JsonTokenType.StartArray:
                Add("["u8);
                break;
            case JsonTokenType.EndArray:
                Add("],"u8);
                break;
            case JsonTokenType.PropertyName when EscapedText.FromContent(reader.ValueSpan).TextEquals("cache_control"u8):
                reader.Skip();
                break;
            case JsonTokenType.PropertyName:
                Add("\""u8);
                Add(reader.ValueSpan);
                Add("\":"u8);
                break;
            case JsonTokenType.String:
                AddText(EscapedText.FromContent(reader.ValueSpan));
                break;
            default:
                Add(reader.ValueSpan);
                Add(","u8);
                break;
        }
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _filled);
        _filled = 0;
    }
}
