namespace Engine.Host.Exchange;

/// <summary>Bounds and intervals of one exchange.</summary>
/// <param name="OtherAccounts">Other accounts tried before the client sees a failure.</param>
/// <param name="HeartbeatInterval">Silence after which a client stream gets a keep-alive.</param>
/// <param name="MaxResponseEvent">Bytes one event of a stream may have.</param>
/// <param name="MaxResponseBody">Bytes a whole answer may have.</param>
internal sealed record ExchangeLimits(int OtherAccounts, TimeSpan HeartbeatInterval, int MaxResponseEvent, int MaxResponseBody);
