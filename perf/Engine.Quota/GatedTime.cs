namespace Engine.Quota;

/// <summary>The simulation's clock, begun early enough that everything is up when the quotas begin.</summary>
internal sealed class GatedTime
{
    private static readonly TimeSpan RealHeadStart = TimeSpan.FromSeconds(3);

    private readonly QuotaOptions _options;

    public GatedTime(QuotaOptions options)
    {
        _options = options;
        Provider = new ScaledTimeProvider(options.Start - (RealHeadStart * options.Scale), options.Scale);
    }

    public TimeProvider Provider { get; }

    /// <summary>What is left of the run.</summary>
    public TimeSpan Left => _options.Start + _options.Duration - Provider.GetUtcNow();

    public Task UntilStartAsync()
    {
        var wait = _options.Start - Provider.GetUtcNow();
        return wait > TimeSpan.Zero ? Task.Delay(wait, Provider) : throw new InvalidOperationException("The start took longer than the head start of the clock.");
    }
}
