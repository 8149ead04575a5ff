using System.Threading.Channels;
using Engine.Actors.Kernel;

namespace Engine.Actors.Tests.Kernel.TestKit;

/// <summary>An actor that keeps what it is told for a test to look at.</summary>
internal sealed class TestProbe<TMessage>
{
    private readonly Channel<TMessage> _seen = Channel.CreateBounded<TMessage>(100_000);

    public TestProbe(ActorSystem system) =>
        Ref = system.Spawn(new Props<TMessage>(() => new ScriptedActor<TMessage>((_, message) => _seen.Writer.WriteAsync(message))));

    public ActorRef<TMessage> Ref { get; }

    public async Task<TMessage> NextAsync() => await _seen.Reader.ReadAsync().AsTask().WaitAsync(TestSystem.Guard);

    public async Task<List<TMessage>> TakeAsync(int count)
    {
        var all = new List<TMessage>();
        while (all.Count < count)
        {
            all.Add(await NextAsync());
        }

        return all;
    }

    /// <summary>What came and was not taken, once the probe has worked off its mailbox.</summary>
    public async Task<List<TMessage>> RestAsync()
    {
        await Ref.StopAsync(TimeSpan.FromDays(1), drain: true).AsTask().WaitAsync(TestSystem.Guard);
        var all = new List<TMessage>();
        while (_seen.Reader.TryRead(out var message))
        {
            all.Add(message);
        }

        return all;
    }
}
