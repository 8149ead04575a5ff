using Engine.Testing;

namespace Engine.Host.Tests.Recording;

public class ManualTimeProviderTests
{
    [Fact]
    public void Timers_fire_in_the_order_of_their_time_and_see_it()
    {
        var time = new ManualTimeProvider();
        var seen = new List<string>();
        void Note(object? name) => seen.Add($"{name}@{time.GetTimestamp() / TimeSpan.TicksPerMillisecond}");
        using var late = time.CreateTimer(Note, "late", TimeSpan.FromMilliseconds(30), Timeout.InfiniteTimeSpan);
        using var every = time.CreateTimer(Note, "every", TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20));
        using var never = time.CreateTimer(Note, "never", Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var gone = time.CreateTimer(Note, "gone", TimeSpan.FromMilliseconds(5), Timeout.InfiniteTimeSpan);
        gone.Dispose();
        time.Advance(TimeSpan.FromMilliseconds(55));
        Assert.Equal(["every@10", "late@30", "every@30", "every@50"], seen);
        Assert.Equal(55, (time.GetUtcNow() - new ManualTimeProvider().GetUtcNow()).TotalMilliseconds);
    }
}
