namespace Engine.Quota;

/// <summary>What a provider grants one account.</summary>
/// <param name="PerMinute">Requests a minute.</param>
/// <param name="PerDay">Requests a day; null for no such limit.</param>
/// <param name="DayTurns">When the day's quota is granted anew.</param>
/// <param name="Start">When the simulation begins: with the minute's quota used up.</param>
/// <param name="FirstWindow">When the first whole window begins, where quotas come in windows.</param>
/// <param name="IsBucket">True for a bucket that is refilled all the time, false for windows of a minute.</param>
internal sealed record QuotaPlan(int PerMinute, int? PerDay, DateTimeOffset DayTurns, DateTimeOffset Start, DateTimeOffset FirstWindow, bool IsBucket)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>What a client that knows everything and always has something to ask would be granted.</summary>
    public int AvailableUntil(DateTimeOffset end)
    {
        var quota = new AccountQuota(this);
        var granted = 0;
        for (var now = Start; now < end; now += Step)
        {
            while (quota.Take(now).IsGranted)
            {
                granted++;
            }
        }

        return granted;
    }
}
