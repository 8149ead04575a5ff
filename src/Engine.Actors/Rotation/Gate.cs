namespace Engine.Actors.Rotation;

/// <summary>
/// What a request passes on its way to an account, and again to one of its models. The account's actor swaps the view after each
/// persisted change; requests read it and take the single probe of a half-open gate by one interlocked operation.
/// </summary>
internal sealed class Gate
{
    private GateView _view = GateView.Open;

    // 1 while a probe is out.
    private int _probe;

    // Failures that are being written down; the gate is shut meanwhile, although nothing is decided yet.
    private int _reviews;

    /// <summary>The published view.</summary>
    public GateView View => Volatile.Read(ref _view);

    /// <summary>Swaps the view. Called by the account's actor alone, after the change is in the journal.</summary>
    public void Publish(GateView view) => Volatile.Write(ref _view, view);

    /// <summary>Shuts the gate until the matching <see cref="EndReview"/>.</summary>
    public void BeginReview() => Interlocked.Increment(ref _reviews);

    /// <summary>Opens what <see cref="BeginReview"/> shut.</summary>
    public void EndReview() => Interlocked.Decrement(ref _reviews);

    /// <summary>What stands in the way now.</summary>
    /// <param name="now">UTC ticks.</param>
    /// <param name="usableAt">When to ask again: <paramref name="now"/> when nothing is in the way or the instant is not known.</param>
    public PassedOver Check(long now, out long usableAt)
    {
        usableAt = now;
        if (Volatile.Read(ref _reviews) > 0)
        {
            return PassedOver.UnderReview;
        }

        var view = View;
        if (view.IsOpen)
        {
            return PassedOver.No;
        }

        if (now >= view.RefreshBarsFrom)
        {
            return PassedOver.Refreshing;
        }

        if (now < view.UsableAt)
        {
            usableAt = view.UsableAt;
            return view.Reason;
        }

        return view.NeedsProbe && Volatile.Read(ref _probe) != 0 ? PassedOver.ProbeOut : PassedOver.No;
    }

    /// <summary>Passes the gate; a half-open one lets a single request through, as a probe.</summary>
    /// <param name="now">UTC ticks.</param>
    /// <param name="isProbe">True when the caller now holds the probe and must give it back by <see cref="EndProbe"/>.</param>
    /// <param name="usableAt">When to ask again.</param>
    public PassedOver TryPass(long now, out bool isProbe, out long usableAt)
    {
        isProbe = false;
        var reason = Check(now, out usableAt);
        if (reason != PassedOver.No || !View.NeedsProbe)
        {
            return reason;
        }

        isProbe = Interlocked.CompareExchange(ref _probe, 1, 0) == 0;
        return isProbe ? PassedOver.No : PassedOver.ProbeOut;
    }

    /// <summary>Gives the probe back.</summary>
    public void EndProbe() => Volatile.Write(ref _probe, 0);
}
