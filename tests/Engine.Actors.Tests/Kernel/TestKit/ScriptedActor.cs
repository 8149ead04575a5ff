using Engine.Actors.Kernel;

namespace Engine.Actors.Tests.Kernel.TestKit;

/// <summary>An actor made of functions.</summary>
internal sealed class ScriptedActor<TMessage>(Func<ActorContext<TMessage>, TMessage, ValueTask> receive) : Actor<TMessage>
{
    public ScriptedActor(Action<ActorContext<TMessage>, TMessage> receive)
        : this((context, message) =>
        {
            receive(context, message);
            return default;
        })
    {
    }

    public Action<ActorContext<TMessage>>? Started { get; init; }

    public Action? Stopped { get; init; }

    public Action<ActorRef, Exception?>? Terminated { get; init; }

    protected override ValueTask OnReceive(TMessage message) => receive(Context, message);

    protected override ValueTask OnStart()
    {
        Started?.Invoke(Context);
        return default;
    }

    protected override ValueTask OnStop()
    {
        Stopped?.Invoke();
        return default;
    }

    protected override ValueTask OnTerminated(ActorRef actor, Exception? cause)
    {
        Terminated?.Invoke(actor, cause);
        return default;
    }
}
