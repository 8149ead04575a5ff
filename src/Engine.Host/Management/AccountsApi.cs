using System.Globalization;
using Engine.Actors.Accounts;
using Engine.Actors.Retries;
using Engine.Actors.Rotation;
using Engine.Host.Server;
using Engine.Wire.Completion;
using Engine.Wire.Json;
using Microsoft.AspNetCore.Http;

namespace Engine.Host.Management;

/// <summary>
/// <c>GET /v0/management/accounts</c>: what each account may do, until when not and why; and what an operator may do about it:
/// <c>POST /v0/management/accounts/UPSTREAM/ACCOUNT/{suspend|resume|clear}</c>, the last one with <c>?model=</c> for one model only.
/// </summary>
internal static class AccountsApi
{
    private const string Path = "/v0/management/accounts";

    public static IEnumerable<(string Path, Route Route)> Routes()
    {
        yield return (Path, ManagementRoute.Of("GET", ListAsync));
        yield return (Path + "/*", ManagementRoute.Of("POST", ActAsync));
    }

    private static async Task ListAsync(RequestScope scope)
    {
        var accounts = scope.State.Accounts.Registry;
        var now = scope.Time.GetUtcNow();
        using var body = new PooledBytes();
        var json = new JsonEmitter(body);
        json.ObjectStart();
        json.ArrayStart("accounts"u8);
        foreach (var slot in accounts.Slots)
        {
            Write(json, slot, now);
        }

        json.ArrayEnd();
        json.ObjectEnd();
        await Surfaces.JsonAnswer.WriteAsync(scope.Http.Response, StatusCodes.Status200OK, body.Memory);
    }

    private static void Write(JsonEmitter json, AccountSlot slot, DateTimeOffset now)
    {
        var state = slot.State;
        json.ObjectStart();
        json.Text("upstream"u8, slot.Id.Upstream);
        json.Text("account"u8, slot.Id.Account);
        WriteStanding(json, state.Standing, now);
        json.Number("failures"u8, state.Failures);
        json.Number("strikes"u8, state.Strikes);
        json.Text("credential"u8, state.Credential switch
        {
            CredentialState.Refreshing => "refreshing",
            CredentialState.Invalid => "invalid",
            _ => "valid",
        });
        json.Number("in_flight"u8, slot.InFlight);
        json.Number("weight"u8, slot.Weight);
        json.ObjectStart("limits"u8);
        json.Number("requests_per_minute"u8, state.Limits.RequestsPerMinute);
        json.Number("tokens_per_minute"u8, state.Limits.TokensPerMinute);
        json.Number("concurrency"u8, state.Limits.Concurrency);
        json.ObjectEnd();
        json.ArrayStart("models"u8);
        foreach (var (model, own) in state.Models.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            json.ObjectStart();
            json.Text("model"u8, model);
            WriteStanding(json, own.Standing, now);
            json.Number("failures"u8, own.Failures);
            json.ObjectEnd();
        }

        json.ArrayEnd();
        json.ArrayStart("headroom"u8);
        foreach (var kind in Enum.GetValues<WindowKind>())
        {
            if (slot.Headroom.Of(kind) is { } window)
            {
                json.ObjectStart();
                json.Text("window"u8, kind.ToString().ToLowerInvariant());
                json.Number("limit"u8, window.Limit);
                json.Number("remaining"u8, window.Remaining);
                WriteInstant(json, "reset_at"u8, window.ResetAt);
                json.ObjectEnd();
            }
        }

        json.ArrayEnd();
        json.ObjectEnd();
    }

    private static void WriteStanding(JsonEmitter json, Standing standing, DateTimeOffset now)
    {
        json.Text("state"u8, AccountStatus.WordOf(standing, now));
        if (standing.UsableAt > now)
        {
            WriteInstant(json, "usable_at"u8, standing.UsableAt == DateTimeOffset.MaxValue ? null : standing.UsableAt);
        }

        var why = standing switch
        {
            Standing.Cooling cooling => WordOf(cooling.Cause),
            Standing.Exhausted => "quota used up",
            Standing.AuthenticationFailed failed => failed.Reason,
            Standing.Suspended suspended => "by " + suspended.By,
            _ => null,
        };
        if (why is not null)
        {
            json.Text("why"u8, why);
        }

        WriteHint(json, standing);
    }

    private static string WordOf(CoolingCause cause) => cause switch
    {
        CoolingCause.RateLimit => "rate limit",
        CoolingCause.NothingLeft => "nothing left in the window",
        CoolingCause.Overload => "provider overloaded",
        CoolingCause.ProviderFault => "provider failed",
        CoolingCause.Credential => "credential refused once",
        CoolingCause.Egress => "proxy or address refused",
        _ => "not allowed",
    };

    private static void WriteHint(JsonEmitter json, Standing standing)
    {
        var hint = standing switch
        {
            Standing.Cooling cooling => cooling.Hint,
            Standing.Exhausted exhausted => exhausted.ResetAt,
            _ => null,
        };
        if (hint is not null)
        {
            WriteInstant(json, "provider_says"u8, hint);
        }
    }

    private static void WriteInstant(JsonEmitter json, ReadOnlySpan<byte> name, DateTimeOffset? at)
    {
        if (at is { } instant)
        {
            json.Text(name, instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }
    }

    private static async Task ActAsync(RequestScope scope)
    {
        var accounts = scope.State.Accounts.Registry;
        var parts = scope.Http.Request.Path.Value![(Path.Length + 1)..].Split('/');
        if (parts is not [var upstream, var account, var action] || accounts.Find(new AccountId(upstream, account)) is not { } slot)
        {
            await ManagementRoute.RefuseAsync(scope, new UpstreamError(ErrorKind.NotFound, "There is no such account; GET /v0/management/accounts lists them."));
            return;
        }

        var model = scope.Http.Request.Query["model"].ToString();
        AccountCommand? command = action switch
        {
            "suspend" => new AccountCommand.Suspend("management"),
            "resume" => new AccountCommand.Resume("management"),
            "clear" => new AccountCommand.Clear(model.Length > 0 ? model : null, "management"),
            _ => null,
        };
        if (command is null)
        {
            await ManagementRoute.RefuseAsync(scope, new UpstreamError(ErrorKind.NotFound, "An account can be told to suspend, resume or clear."));
            return;
        }

        await accounts.TellAsync(slot.Id, command);
        using var body = new PooledBytes();
        Write(new JsonEmitter(body), slot, scope.Time.GetUtcNow());
        await Surfaces.JsonAnswer.WriteAsync(scope.Http.Response, StatusCodes.Status200OK, body.Memory);
    }
}
