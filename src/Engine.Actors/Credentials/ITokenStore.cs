namespace Engine.Actors.Credentials;

/// <summary>Where the token pair of one account outlives the process. Calls come one at a time.</summary>
public interface ITokenStore
{
    /// <summary>The pair stored last, possibly by another process; null when there is none that can be used.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">It cannot be read now.</exception>
    ValueTask<TokenPair?> ReadAsync(CancellationToken cancellation);

    /// <summary>Replaces the stored pair as a whole. When this returns, the pair survives the process and the machine.</summary>
    /// <exception cref="IOException">It cannot be written now; the former pair is still there.</exception>
    ValueTask WriteAsync(TokenPair pair);
}
