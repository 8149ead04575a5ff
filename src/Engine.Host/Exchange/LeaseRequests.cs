using Engine.Actors.Rotation;
using Engine.Host.Routing;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Host.Exchange;

/// <summary>What a request says of itself when it asks for an account. Costs only what the pool can use.</summary>
internal static class LeaseRequests
{
    // Where the client sets no bound on the answer; reserved until the usage is known.
    private const long UnboundedAnswer = 4096;

    /// <summary>The lease request.</summary>
    /// <exception cref="RequestRejectedException">A field is malformed.</exception>
    public static LeaseRequest Of(ExchangeRequest request, ModelPool pool, bool keepsSessions, AttemptWriter writer, DecisionTrace trace) => new()
    {
        Session = keepsSessions && pool.HasChoice && request.Operation == Operation.Generate ? request.Dialect.ReadConversation(request.Client) : 0,
        Tokens = pool.CountsTokens && request.Operation == Operation.Generate
            ? TokenEstimate.Of(writer.Tree) + (writer.Tree.MaxOutputTokens ?? UnboundedAnswer)
            : 0,
        Trace = trace,
    };
}
