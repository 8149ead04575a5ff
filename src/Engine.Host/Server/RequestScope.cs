using Engine.Host.Exchange;
using Engine.Wire.Dialects;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Server;

/// <summary>One request on its way through the server.</summary>
/// <param name="Http">The framework's view of it.</param>
/// <param name="State">The state it began with.</param>
/// <param name="Facts">What the request log will say.</param>
/// <param name="Dialect">The dialect errors are written in.</param>
/// <param name="Time">The clock.</param>
internal sealed record RequestScope(HttpContext Http, EngineState State, RequestFacts Facts, IClientDialect Dialect, TimeProvider Time);
