using System.Text;
using Engine.Host.Recording;
using Engine.Testing;

namespace Engine.Host.Tests.Recording;

public class ReplayBodyStreamTests
{
    [Fact]
    public async Task A_read_waits_for_its_piece_and_never_crosses_into_the_next()
    {
        var time = new ManualTimeProvider();
        await using var stream = Stream(time, "aaabbc", [3, 2, 1], [10, 10, 25]);
        var buffer = new byte[16];

        var read = stream.ReadAsync(buffer).AsTask();
        Assert.False(read.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.False(read.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("aaa", Text(buffer, await read));

        // Due at the same time: no wait, still a read of its own.
        read = stream.ReadAsync(buffer).AsTask();
        Assert.True(read.IsCompleted);
        Assert.Equal("bb", Text(buffer, await read));

        read = stream.ReadAsync(buffer).AsTask();
        Assert.False(read.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(15));
        Assert.Equal("c", Text(buffer, await read));
        Assert.Equal(0, await stream.ReadAsync(buffer));
    }

    [Fact]
    public async Task A_small_buffer_gets_a_piece_in_several_reads_without_waiting_again()
    {
        var time = new ManualTimeProvider();
        await using var stream = Stream(time, "abcde", [3, 2], [0, 5]);
        var buffer = new byte[2];
        Assert.Equal("ab", Text(buffer, await stream.ReadAsync(buffer)));
        Assert.Equal("c", Text(buffer, await stream.ReadAsync(buffer)));
        Assert.False(stream.IsDue);
        time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.True(stream.IsDue);
        Assert.Equal("de", Text(buffer, await stream.ReadAsync(buffer)));
    }

    [Fact]
    public async Task A_slow_reader_does_not_shift_the_schedule()
    {
        var time = new ManualTimeProvider();
        await using var stream = Stream(time, "ab", [1, 1], [0, 20]);
        var buffer = new byte[4];
        Assert.Equal(1, await stream.ReadAsync(buffer));
        time.Advance(TimeSpan.FromMilliseconds(100));
        var read = stream.ReadAsync(buffer).AsTask();
        Assert.True(read.IsCompleted);
        Assert.Equal(1, await read);
    }

    [Fact]
    public async Task Cancellation_ends_a_wait()
    {
        var time = new ManualTimeProvider();
        await using var stream = Stream(time, "a", [1], [1000]);
        using var cancel = new CancellationTokenSource();
        var read = stream.ReadAsync(new byte[4], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal(0, time.ActiveTimers);
    }

    [Fact]
    public async Task A_recorded_reset_is_an_io_fault_after_the_last_piece()
    {
        await using var stream = new ReplayBodyStream("a"u8.ToArray(), new ReplayPlan([1], [TimeSpan.Zero]), new ManualTimeProvider(), resets: true);
        Assert.Equal(1, await stream.ReadAsync(new byte[4]));
        await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(new byte[4]).AsTask());
    }

    private static ReplayBodyStream Stream(ManualTimeProvider time, string body, int[] sizes, int[] due) =>
        new(Encoding.ASCII.GetBytes(body), new ReplayPlan(sizes, [.. due.Select(ms => TimeSpan.FromMilliseconds(ms))]), time, resets: false);

    private static string Text(byte[] buffer, int count) => Encoding.ASCII.GetString(buffer, 0, count);
}
