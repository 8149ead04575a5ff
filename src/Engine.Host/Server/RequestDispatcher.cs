using Engine.Host.Exchange;
using Engine.Host.Telemetry;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.OpenAiChat;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Engine.Host.Server;

/// <summary>
/// The entrance: gives the request an id, finds its route, asks the gate, and is the one place where an exception of ours
/// becomes an answer. Every request ends in one log line.
/// </summary>
internal sealed class RequestDispatcher
{
    private readonly RouteTable _routes;
    private readonly LiveState _live;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public RequestDispatcher(RouteTable routes, LiveState live, TimeProvider time, ILogger<RequestDispatcher> log)
    {
        _routes = routes;
        _live = live;
        _time = time;
        _log = log;
    }

    public async Task InvokeAsync(HttpContext http)
    {
        var started = _time.GetTimestamp();
        var state = _live.Current;
        var requestId = RequestId.For(http.Request);
        http.Response.Headers["x-request-id"] = requestId;

        var routes = _routes.Find(http.Request.Path.Value ?? "/");
        var route = routes.FirstOrDefault(each => each.Takes(http.Request.Method));
        var shown = route ?? (routes.Count > 0 ? routes[0] : null);
        var dialect = shown?.DialectOf(http.Request) ?? OpenAiChatDialect.Instance;
        var facts = new RequestFacts { RequestId = requestId, Surface = route?.Surface ?? "none" };
        var scope = new RequestScope(http, state, facts, dialect, _time);
        try
        {
            if (Refusal(http, state, route, routes) is { } refusal)
            {
                await ErrorAnswer.WriteAsync(http.Response, dialect, refusal, facts, new LossLedger());
            }
            else
            {
                await route!.Handle(scope);
            }
        }
        catch (Exception fault)
        {
            await OnFaultAsync(scope, fault);
        }

        RequestLog.Write(_log, http, facts, _time.GetElapsedTime(started));
    }

    private static UpstreamError? Refusal(HttpContext http, EngineState state, Route? route, IReadOnlyList<Route> routes)
    {
        if (route is not null)
        {
            return route.AlwaysOpen ? null : state.Access.Check(http.Request);
        }

        if (routes.Count == 0)
        {
            return new UpstreamError(ErrorKind.NotFound, $"There is nothing at {http.Request.Path}.");
        }

        http.Response.Headers.Allow = string.Join(", ", routes.Select(each => each.Method));
        return new UpstreamError(ErrorKind.MethodNotAllowed, $"{http.Request.Path} does not take {http.Request.Method}.");
    }

    private async Task OnFaultAsync(RequestScope scope, Exception fault)
    {
        var (http, facts) = (scope.Http, scope.Facts);
        if (http.RequestAborted.IsCancellationRequested)
        {
            facts.ClientGone = true;
            return;
        }

        var error = fault switch
        {
            RequestRejectedException rejected => rejected.Rejection,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new UpstreamError(ErrorKind.BodyTooLarge, "The request body is too large."),
            BadHttpRequestException bad => new UpstreamError(ErrorKind.Invalid, bad.Message),
            _ => new UpstreamError(ErrorKind.Internal, "The engine failed to handle this request; its log says why under this request id."),
        };
        facts.Failure = error.Kind.ToString();
        if (error.Kind == ErrorKind.Internal)
        {
            RequestLog.Fault(_log, facts.RequestId, fault);
        }

        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        try
        {
            http.Response.Clear();
            http.Response.Headers["x-request-id"] = facts.RequestId;
            await ErrorAnswer.WriteAsync(http.Response, scope.Dialect, error, facts, new LossLedger());
        }
        catch (Exception late) when (late is OperationCanceledException or IOException)
        {
            facts.ClientGone = true;
        }
    }
}
