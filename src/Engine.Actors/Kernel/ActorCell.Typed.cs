using System.Threading.Channels;

namespace Engine.Actors.Kernel;

/// <summary>A cell with its mailbox and its present instance.</summary>
internal sealed class ActorCell<TMessage> : ActorCell
{
    private readonly Props<TMessage> _props;
    private readonly Channel<TMessage> _mail;
    private volatile bool _closed;

    // Belongs to the turn, from here on.
    private Actor<TMessage>? _actor;
    private TMessage? _taken;
    private bool _hasTaken;

    internal ActorCell(ActorSystem system, ActorCell? parent, string path, Props<TMessage> props)
        : base(system, parent, path, props.SupervisorStrategy)
    {
        _props = props;
        _mail = Channel.CreateBounded<TMessage>(
            new BoundedChannelOptions(props.MailboxCapacity)
            {
                SingleReader = true,
                FullMode = props.MailboxPolicy switch
                {
                    MailboxPolicy.DropOldest => BoundedChannelFullMode.DropOldest,
                    MailboxPolicy.DropNewest => BoundedChannelFullMode.DropWrite,
                    _ => BoundedChannelFullMode.Wait,
                },
            },
            dropped => Report(dropped, DeadLetterReason.MailboxFull));
        Self = new ActorRef<TMessage>(this);
    }

    internal ActorRef<TMessage> Self { get; }

    internal override ActorRef Ref => Self;

    protected override bool HasMail => Drains || _mail.Reader.TryPeek(out _);

    // Why the message became a dead letter; null when it is in the mailbox.
    internal DeadLetterReason? Deliver(TMessage message)
    {
        if (TryPut(message))
        {
            return null;
        }

        var reason = _closed ? DeadLetterReason.Stopped : DeadLetterReason.MailboxFull;
        Report(message, reason);
        return reason;
    }

    internal bool TryPut(TMessage message)
    {
        if (!_mail.Writer.TryWrite(message))
        {
            return false;
        }

        Schedule();
        return true;
    }

    internal ValueTask<bool> DeliverAsync(TMessage message, CancellationToken cancellation) =>
        TryPut(message) ? new ValueTask<bool>(true) : DeliverSlowAsync(message, cancellation);

    internal ValueTask ReceiveAsync(TMessage message)
    {
        _taken = message;
        _hasTaken = true;
        return _actor!.OnTurn(message);
    }

    protected override bool TryReceive(out ValueTask receiving)
    {
        if (_mail.Reader.TryRead(out var message))
        {
            receiving = ReceiveAsync(message);
            return true;
        }

        receiving = Drains ? BeginStopAsync(null) : default;
        return Drains;
    }

    protected override void ForgetTaken()
    {
        _taken = default;
        _hasTaken = false;
    }

    protected override void ReportTaken(Exception cause)
    {
        if (_hasTaken)
        {
            var poison = _taken!;
            ForgetTaken();
            System.DeadLetters.Report(Path, poison, DeadLetterReason.Poison, cause);
        }
    }

    protected override ValueTask TellEndedAsync(ActorRef actor, Exception? cause) => _actor!.TellEndedAsync(actor, cause);

    protected override ValueTask StartInstanceAsync()
    {
        _actor = _props.Factory();
        return _actor.StartAsync(new ActorContext<TMessage>(this, _actor));
    }

    protected override ValueTask StopInstanceAsync()
    {
        var actor = _actor;
        _actor = null;
        return actor?.StopAsync() ?? default;
    }

    protected override void CancelTimers() => _actor?.CancelTimers();

    protected override void CloseMailbox()
    {
        _closed = true;
        _mail.Writer.TryComplete();
    }

    protected override void DiscardMail()
    {
        while (_mail.Reader.TryRead(out var unread))
        {
            Report(unread, DeadLetterReason.Stopped);
        }
    }

    private async ValueTask<bool> DeliverSlowAsync(TMessage message, CancellationToken cancellation)
    {
        try
        {
            await _mail.Writer.WriteAsync(message, cancellation);
        }
        catch (ChannelClosedException)
        {
            Report(message, DeadLetterReason.Stopped);
            return false;
        }

        Schedule();
        return true;
    }

    private void Report(TMessage message, DeadLetterReason reason) => System.DeadLetters.Report(Path, message, reason, null);
}
