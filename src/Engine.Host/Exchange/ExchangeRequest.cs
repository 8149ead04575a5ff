using Engine.Wire.Dialects;

namespace Engine.Host.Exchange;

/// <summary>A request as its surface hands it to the exchange.</summary>
/// <param name="Dialect">The client's dialect.</param>
/// <param name="Client">The request.</param>
/// <param name="Operation">What it asks for.</param>
/// <param name="Strict">True when a reported loss is to be refused (<c>x-engine-strict</c>).</param>
internal sealed record ExchangeRequest(IClientDialect Dialect, ClientRequest Client, Operation Operation, bool Strict);
