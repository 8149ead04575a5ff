using Engine.Host.Exchange;
using Engine.Host.Server;
using Engine.Wire.Dialects;

namespace Engine.Host.Surfaces;

/// <summary>What all dialects' generate and count paths share: read the body, run the exchange.</summary>
internal static class GenerateSurface
{
    /// <summary>Answers one request.</summary>
    /// <param name="scope">The request.</param>
    /// <param name="dialect">The client's dialect.</param>
    /// <param name="operation">What the path asks for.</param>
    /// <param name="complete">Adds what the path says to the request read so far.</param>
    public static async Task HandleAsync(
        RequestScope scope, IClientDialect dialect, Operation operation, Func<ClientRequest, ClientRequest>? complete = null)
    {
        var request = scope.Http.Request;
        // Kept until the answer is over: repairs of the answer may hold slices of it.
        using var body = await BodyIntake.ReadAsync(request, scope.State);
        var client = new ClientRequest
        {
            Body = body.Memory,
            Header = name => request.Headers.TryGetValue(name, out var values) ? values.ToString() : null,
        };
        var strict = request.Headers["x-engine-strict"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
        var exchange = new ExchangeRequest(dialect, complete?.Invoke(client) ?? client, operation, strict);
        await new Exchange.Exchange(scope.Http, exchange, scope.State, scope.Time, scope.Facts).RunAsync();
    }
}
