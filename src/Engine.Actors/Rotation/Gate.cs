namespace Engine.Actors.Rotation;

/// <summary>
/// What a request passes on its way to an account, and again to one of its models. The account's actor swaps the view after each
/// persisted change; requests read it and take the single probe of a half-open gate by one interlocked operation.
/// </summary>
internal sealed class Gate
{
    private GateView _view = GateView.Open;

    // The number of the probe that is out; 0 when none is.
    private long _probe;
    private long _lastProbe;

    // Failures that are being written down; the gate is shut meanwhile, although nothing is decided yet.
    private int _reviews;

    /// <summary>The published view.</summary>
    public GateView View => Volatile.Read(ref _view);

    /// <summary>Swaps the view. Called by the account's actor alone, after the change is in the journal.</summary>
    public void Publish(GateView view)
    {
        Volatile.Write(ref _view, view);
        if (!view.NeedsProbe)
        {
            // The probe has done its work. It may stream for minutes still, and must not hold up the probe of the next rest.
            Interlocked.Exchange(ref _probe, 0);
        }
    }

    /// <summary>Shuts the gate until the matching <see cref="EndReview"/>.</summary>
    public void BeginReview() => Interlocked.Increment(ref _reviews);

    /// <summary>Opens what <see cref="BeginReview"/> shut.</summary>
    public void EndReview() => Interlocked.Decrement(ref _reviews);

    /// <summary>What stands in the way now.</summary>
    /// <param name="now">UTC ticks.</param>
    /// <param name="usableAt">When to ask again: <paramref name="now"/> when nothing is in the way or the instant is not known.</param>
    public PassedOver Check(long now, out long usableAt)
    {
        var reason = Look(now, out var view, out usableAt);
        return reason == PassedOver.No && view.NeedsProbe && Volatile.Read(ref _probe) != 0 ? PassedOver.ProbeOut : reason;
    }

    /// <summary>Passes the gate; a half-open one lets a single request through, as a probe.</summary>
    /// <param name="now">UTC ticks.</param>
    /// <param name="probe">The number of the probe that the caller now holds and must give back by <see cref="EndProbe"/>; 0 for none.</param>
    /// <param name="usableAt">When to ask again.</param>
    public PassedOver TryPass(long now, out long probe, out long usableAt)
    {
        probe = 0;
        while (true)
        {
            var reason = Look(now, out var view, out usableAt);
            if (reason != PassedOver.No || !view.NeedsProbe)
            {
                return reason;
            }

            if (Volatile.Read(ref _probe) != 0)
            {
                return PassedOver.ProbeOut;
            }

            var number = Interlocked.Increment(ref _lastProbe);
            if (Interlocked.CompareExchange(ref _probe, number, 0) != 0)
            {
                return PassedOver.ProbeOut;
            }

            // The probe before may have failed between the look and the taking: its outcome counts.
            if (View == view && Volatile.Read(ref _reviews) == 0)
            {
                probe = number;
                return PassedOver.No;
            }

            EndProbe(number);
        }
    }

    /// <summary>Gives a probe back. Nothing happens when it is not out any more.</summary>
    public void EndProbe(long probe) => Interlocked.CompareExchange(ref _probe, 0, probe);

    // All but the probe. Reviews are read first: whoever ends one has published before.
    private PassedOver Look(long now, out GateView view, out long usableAt)
    {
        var isUnderReview = Volatile.Read(ref _reviews) > 0;
        view = View;
        usableAt = now;
        if (!view.IsOpen)
        {
            var isRefreshing = now >= view.RefreshBarsFrom;
            if (now < view.UsableAt && !(isRefreshing && view.RefreshFrees))
            {
                usableAt = view.UsableAt;
                return view.Reason;
            }

            if (isRefreshing)
            {
                return PassedOver.Refreshing;
            }
        }

        return isUnderReview ? PassedOver.UnderReview : PassedOver.No;
    }
}
