using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Engine.Actors.Rotation;

/// <summary>A conversation's name as 128 bits: never 0, and no way back to what it was made from.</summary>
public static class SessionKey
{
    /// <summary>Of an id that a client gave.</summary>
    public static UInt128 Of(string id) => Of(Encoding.UTF8.GetBytes(id));

    /// <summary>Of the bytes that name a conversation.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        var key = BinaryPrimitives.ReadUInt128LittleEndian(hash);
        return key == 0 ? 1 : key;
    }
}
