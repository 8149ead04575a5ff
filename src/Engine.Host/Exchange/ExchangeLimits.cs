namespace Engine.Host.Exchange;

/// <summary>Bounds and intervals of one exchange.</summary>
/// <param name="Retries">Other accounts tried after a provider's failure before the client sees it.</param>
/// <param name="MaxWait">How long a request waits for an account at most.</param>
/// <param name="KeepsSessions">True when a conversation stays on its account.</param>
/// <param name="HeartbeatInterval">Silence after which a client stream gets a keep-alive.</param>
/// <param name="MaxResponseEvent">Bytes one event of a stream may have.</param>
/// <param name="MaxResponseBody">Bytes a whole answer may have.</param>
internal sealed record ExchangeLimits(int Retries, TimeSpan MaxWait, bool KeepsSessions, TimeSpan HeartbeatInterval, int MaxResponseEvent, int MaxResponseBody);
