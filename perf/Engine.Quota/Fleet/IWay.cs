namespace Engine.Quota;

/// <summary>How an agent's request gets to an account.</summary>
internal interface IWay
{
    /// <summary>Sends one turn and reads the answer to its end.</summary>
    /// <param name="dialect">The dialect.</param>
    /// <param name="agent">Who asks.</param>
    /// <param name="body">The request.</param>
    /// <param name="stream">Whether the answer is to be streamed.</param>
    /// <param name="stop">The run is over.</param>
    Task<TurnOutcome> SendAsync(Simulated dialect, int agent, string body, bool stream, CancellationToken stop);
}

/// <summary>What an agent sees.</summary>
/// <param name="Status">The status; 429 also for a stream that ends in an error because of limits.</param>
/// <param name="RetryAfter">What the answer says about when to come back.</param>
/// <param name="Attempts">Accounts that were called.</param>
/// <param name="Text">An answer that is no success, for the notes.</param>
internal readonly record struct TurnOutcome(int Status, TimeSpan? RetryAfter, int Attempts, string? Text);
