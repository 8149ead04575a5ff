using System.Globalization;
using Engine.Actors.Rotation;
using Engine.Host.Server;
using Engine.Wire.Completion;
using Engine.Wire.Json;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Management;

/// <summary>
/// <c>GET /v0/management/decisions/{request-id}</c>: which accounts were considered for a request, in order, and why each was
/// taken or passed over. Kept in memory for the last requests.
/// </summary>
internal static class DecisionsApi
{
    private const string Path = "/v0/management/decisions/";

    public static IEnumerable<(string Path, Route Route)> Routes()
    {
        yield return (Path + "*", ManagementRoute.Of("GET", HandleAsync));
    }

    private static async Task HandleAsync(RequestScope scope)
    {
        var id = scope.Http.Request.Path.Value![Path.Length..];
        if (scope.State.Accounts.Decisions.Find(id) is not { } decision)
        {
            await ManagementRoute.RefuseAsync(scope, new UpstreamError(ErrorKind.NotFound, "No recent request had this id, or it is still under way."));
            return;
        }

        using var body = new PooledBytes();
        Write(new JsonEmitter(body), decision);
        await Surfaces.JsonAnswer.WriteAsync(scope.Http.Response, StatusCodes.Status200OK, body.Memory);
    }

    private static void Write(JsonEmitter json, Decision decision)
    {
        json.ObjectStart();
        json.Text("request_id"u8, decision.RequestId);
        json.Text("model"u8, decision.Model);
        json.Text("at"u8, Instant(decision.At));
        json.ArrayStart("attempts"u8);
        foreach (var round in decision.Rounds)
        {
            json.ObjectStart();
            json.Text("at"u8, Instant(round.At));
            json.Text("strategy"u8, round.Strategy);
            json.Boolean("queued"u8, round.Queued);
            json.Text("outcome"u8, round.Outcome ?? "none");
            json.ArrayStart("considered"u8);
            foreach (var account in round.Considered)
            {
                json.ObjectStart();
                json.Text("upstream"u8, account.Account.Upstream);
                json.Text("account"u8, account.Account.Account);
                json.Text("model"u8, account.Model);
                json.Text("result"u8, account.Result);
                if (account.UsableAt is { } at)
                {
                    json.Text("usable_at"u8, Instant(at));
                }

                json.ObjectEnd();
            }

            json.ArrayEnd();
            json.ObjectEnd();
        }

        json.ArrayEnd();
        if (decision.Unrecorded > 0)
        {
            json.Number("unrecorded"u8, decision.Unrecorded);
        }

        json.ObjectEnd();
    }

    private static string Instant(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
