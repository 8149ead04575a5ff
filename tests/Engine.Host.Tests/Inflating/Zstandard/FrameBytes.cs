namespace Engine.Host.Tests.Inflating.Zstandard;

/// <summary>Puts a frame together by hand, for what no compressor writes.</summary>
internal sealed class FrameBytes
{
    private readonly List<byte> _bytes = [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>A header with a window of two to that power, no stated size and no checksum.</summary>
    public FrameBytes Window(int log) => Header(0x00, (byte)((log - 10) << 3));

    public FrameBytes Header(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public FrameBytes Raw(byte[] content, bool isLast = false) => Block(0, content.Length, content, isLast);

    public FrameBytes Run(byte value, int count, bool isLast = false) => Block(1, count, [value], isLast);

    public FrameBytes Compressed(byte[] content, bool isLast = false) => Block(2, content.Length, content, isLast);

    public FrameBytes Block(int type, int size, byte[] content, bool isLast = false)
    {
        int header = (isLast ? 1 : 0) | (type << 1) | (size << 3);
        _bytes.AddRange([(byte)header, (byte)(header >> 8), (byte)(header >> 16), .. content]);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
