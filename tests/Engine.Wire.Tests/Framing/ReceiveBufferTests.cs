using System.Text;
using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

public class ReceiveBufferTests
{
    private static void Receive(ReceiveBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Assert.True(buffer.TryGetMemory(1, out var memory));
            int count = Math.Min(memory.Length, bytes.Length);
            bytes[..count].CopyTo(memory.Span);
            buffer.Advance(count);
            bytes = bytes[count..];
        }
    }

    private static byte[] Numbered(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    [Fact]
    public void No_memory_is_held_before_the_first_receive()
    {
        using var buffer = new ReceiveBuffer(16, 64);

        Assert.Equal(0, buffer.Capacity);
        Assert.True(buffer.Unread.IsEmpty);
    }

    [Fact]
    public void What_was_received_is_unread_in_one_piece_through_slides_and_growth()
    {
        using var buffer = new ReceiveBuffer(16, 4096);
        byte[] bytes = Numbered(3000);
        int received = 0;
        for (int step = 0; received < bytes.Length; step++)
        {
            int count = Math.Min(1 + (step * 7 % 90), bytes.Length - received);
            Receive(buffer, bytes.AsSpan(received, count));
            received += count;
            buffer.Consume(step % 3 == 0 ? buffer.Unread.Length : buffer.Unread.Length / 2);
            Assert.Equal(bytes[(received - buffer.Unread.Length)..received], buffer.Unread.ToArray());
        }
    }

    [Fact]
    public void It_slides_before_it_grows()
    {
        using var buffer = new ReceiveBuffer(64, 1024);
        Receive(buffer, Numbered(1));
        int capacity = buffer.Capacity;
        Receive(buffer, new byte[capacity - 1]);
        buffer.Consume(capacity - 5);

        Assert.True(buffer.TryGetMemory(capacity - 5, out var memory));
        Assert.Equal(capacity - 5, memory.Length);
        Assert.Equal(capacity, buffer.Capacity);
    }

    [Fact]
    public void An_empty_buffer_starts_at_its_front_again()
    {
        using var buffer = new ReceiveBuffer(64, 1024);
        Receive(buffer, Numbered(10));
        buffer.Consume(10);

        Assert.True(buffer.TryGetMemory(1, out var memory));
        Assert.Equal(buffer.Capacity, memory.Length);
    }

    [Fact]
    public void It_refuses_exactly_at_its_cap()
    {
        using var buffer = new ReceiveBuffer(16, 100);
        Receive(buffer, Numbered(99));
        Assert.True(buffer.TryGetMemory(50, out var memory));
        Assert.Equal(1, memory.Length);
        memory.Span[0] = 99;
        buffer.Advance(1);

        Assert.False(buffer.TryGetMemory(1, out memory));
        Assert.True(memory.IsEmpty);
        Assert.Equal(Numbered(100), buffer.Unread.ToArray());
    }

    [Fact]
    public void It_goes_on_after_its_cap_when_something_was_consumed()
    {
        using var buffer = new ReceiveBuffer(16, 100);
        Receive(buffer, Numbered(100));
        buffer.Consume(10);

        Assert.True(buffer.TryGetMemory(1, out var memory));
        Assert.InRange(memory.Length, 1, 10);
    }

    [Fact]
    public void It_returns_to_its_first_size_after_a_giant()
    {
        using var buffer = new ReceiveBuffer(1024, 1 << 24);
        Receive(buffer, new byte[1 << 20]);
        Assert.InRange(buffer.Capacity, 1 << 20, 1 << 22);
        buffer.Consume((1 << 20) - 3);

        Assert.True(buffer.TryGetMemory(16, out _));
        Assert.InRange(buffer.Capacity, 1024, 4096);
        Assert.Equal(3, buffer.Unread.Length);
    }

    [Fact]
    public void Consumed_bytes_stay_readable_until_memory_is_asked_for()
    {
        using var buffer = new ReceiveBuffer(16, 100);
        Receive(buffer, "event"u8);
        var span = buffer.Unread;
        buffer.Consume(5);

        Assert.Equal("event", Encoding.UTF8.GetString(span));
        Assert.True(buffer.Unread.IsEmpty);
    }

    [Fact]
    public void It_releases_its_memory_when_empty_only()
    {
        using var buffer = new ReceiveBuffer(16, 100);
        Receive(buffer, "ab"u8);
        buffer.Consume(1);
        buffer.ReleaseIfEmpty();
        Assert.Equal("b"u8.ToArray(), buffer.Unread.ToArray());

        buffer.Consume(1);
        buffer.ReleaseIfEmpty();
        Assert.Equal(0, buffer.Capacity);
        Assert.True(buffer.Unread.IsEmpty);

        Receive(buffer, "c"u8);
        Assert.Equal("c"u8.ToArray(), buffer.Unread.ToArray());
    }

    [Fact]
    public void It_may_be_disposed_twice_and_is_not_used_again()
    {
        var buffer = new ReceiveBuffer(16, 100);
        Receive(buffer, "ab"u8);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Equal(0, buffer.Capacity);
        Assert.True(buffer.Unread.IsEmpty);
        Assert.Throws<ObjectDisposedException>(() => buffer.TryGetMemory(1, out _));
    }

    [Fact]
    public void It_advances_no_further_than_the_memory_it_gave()
    {
        using var buffer = new ReceiveBuffer(16, 20);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1));
        Assert.True(buffer.TryGetMemory(1, out var memory));
        buffer.Advance(memory.Length);

        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Consume(memory.Length + 1));
    }

    [Fact]
    public void Its_cap_is_not_below_its_first_size()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReceiveBuffer(16, 15));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReceiveBuffer(0, 15));
    }
}
