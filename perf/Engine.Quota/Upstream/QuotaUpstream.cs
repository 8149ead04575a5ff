using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Engine.Quota;

/// <summary>The providers, on a loopback socket: accounts by their keys, quotas enforced on the simulation's clock.</summary>
internal sealed class QuotaUpstream : IAsyncDisposable
{
    // Of its service time an answer takes this much to its first content.
    private const double FirstContent = 0.4;

    private readonly WebApplication _server;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<string, (AccountLedger Ledger, QuotaPlan Plan)> _accounts;

    private QuotaUpstream(QuotaOptions options, TimeProvider time)
    {
        _time = time;
        var end = options.Start + options.Duration;
        _accounts = (from dialect in options.Dialects
                     from account in Enumerable.Range(0, options.Accounts)
                     select (Key: KeyOf(dialect, account), Plan: options.PlanOf(dialect, account)))
            .ToFrozenDictionary(static each => each.Key, each => (new AccountLedger(each.Plan, end), each.Plan), StringComparer.Ordinal);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public string Address => _server.Urls.First();

    public static async Task<QuotaUpstream> StartAsync(QuotaOptions options, TimeProvider time)
    {
        var upstream = new QuotaUpstream(options, time);
        await upstream._server.StartAsync();
        return upstream;
    }

    public static string KeyOf(string dialect, int account) => $"key-{dialect}-{account}";

    /// <summary>What is known of a dialect's accounts.</summary>
    public IEnumerable<AccountLedger> LedgersOf(string dialect) =>
        _accounts.Where(each => each.Key.StartsWith($"key-{dialect}-", StringComparison.Ordinal)).Select(static each => each.Value.Ledger);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/ping")
        {
            return;
        }

        var body = await new StreamReader(http.Request.Body, Encoding.UTF8).ReadToEndAsync();
        var dialect = Simulated.OfPath(http.Request.Path.Value!);
        var (ledger, plan) = _accounts[http.Request.Headers[dialect.Key.Header].ToString()[dialect.Key.Prefix.Length..]];
        var now = _time.GetUtcNow();
        var grant = ledger.Arrive(now, refused => dialect.Named(refused, now), out var isProbe);
        try
        {
            if (!grant.IsGranted)
            {
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                http.Response.ContentType = "application/json";
                var refusal = dialect.Refuse(http.Response.Headers, grant, plan, now);
                End(ref isProbe, ledger);
                await http.Response.WriteAsync(refusal, http.RequestAborted);
                return;
            }

            dialect.Head(http.Response.Headers, grant, plan, now);
            var service = ServiceTime.In(body);
            await Task.Delay(service * FirstContent, _time, http.RequestAborted);
            if (!IsStream(http.Request, body))
            {
                await Task.Delay(service * (1 - FirstContent), _time, http.RequestAborted);
                End(ref isProbe, ledger);
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(dialect.Whole, http.RequestAborted);
                return;
            }

            var (head, tail) = dialect.Streamed;
            http.Response.ContentType = "text/event-stream";
            http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            End(ref isProbe, ledger);
            await http.Response.WriteAsync(head, http.RequestAborted);
            await Task.Delay(service * (1 - FirstContent), _time, http.RequestAborted);
            await http.Response.WriteAsync(tail, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        finally
        {
            End(ref isProbe, ledger);
        }
    }

    private static void End(ref bool isProbe, AccountLedger ledger)
    {
        if (isProbe)
        {
            isProbe = false;
            ledger.ProbeAnswered();
        }
    }

    private static bool IsStream(HttpRequest request, string body) =>
        body.Contains("\"stream\":true", StringComparison.Ordinal) || request.Path.Value!.EndsWith(":streamGenerateContent", StringComparison.Ordinal);
}
