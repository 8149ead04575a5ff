using System.Diagnostics;
using Engine.Actors.Kernel;
using Engine.Testing;

namespace Engine.Actors.Tests.Kernel.TestKit;

/// <summary>An actor system on a clock that stands still until a test advances it.</summary>
internal sealed class TestSystem : IAsyncDisposable
{
    // Real time, and only so that a broken test fails instead of hanging.
    internal static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    public TestSystem(SupervisorStrategy? strategy = null) => Actors = new ActorSystem(Time, new Random(7), strategy);

    public ManualTimeProvider Time { get; } = new();

    public ActorSystem Actors { get; }

    public EventStream Events => Actors.EventStream;

    public TestProbe<TMessage> Probe<TMessage>() => new(Actors);

    public ActorRef<TMessage> Spawn<TMessage>(Func<Actor<TMessage>> factory, string? name = null) => Actors.Spawn(new Props<TMessage>(factory), name);

    /// <summary>Waits for what happens on other threads.</summary>
    public static async Task EventuallyAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Guard, $"never: {what}");
            await Task.Yield();
        }
    }

    /// <summary>Waits until so many timers run, then lets time pass.</summary>
    public async Task AdvanceAsync(TimeSpan by, int timers = 1)
    {
        await EventuallyAsync(() => Time.ActiveTimers == timers, $"{timers} timers");
        Time.Advance(by);
    }

    public async ValueTask DisposeAsync() => await Actors.DisposeAsync().AsTask().WaitAsync(Guard);
}
