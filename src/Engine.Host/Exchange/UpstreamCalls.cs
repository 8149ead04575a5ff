using Engine.Host.Upstreams;

namespace Engine.Host.Exchange;

/// <summary>Turns a prepared attempt into the call that the transport sends.</summary>
internal static class UpstreamCalls
{
    public static UpstreamCall Create(Attempt attempt, ExchangeRequest request)
    {
        var (target, account) = (attempt.Lease.Target, attempt.Lease.Account);
        var headers = new List<KeyValuePair<string, string>>(8) { new("accept-encoding", "identity") };
        target.Upstream.Provider.AddHeaders(headers, account.Credential, attempt.PassThrough ? request.Client.Header : null);
        foreach (var header in attempt.Written.Headers.Concat(account.Headers.Select(own => KeyValuePair.Create(own.Name, own.Value.Reveal()))))
        {
            // An operator's header replaces ours of the same name.
            headers.RemoveAll(known => string.Equals(known.Key, header.Key, StringComparison.OrdinalIgnoreCase));
            headers.Add(header);
        }

        return new UpstreamCall
        {
            Method = "POST",
            Url = new Uri(target.Upstream.BaseUrl + "/" + attempt.Written.Path),
            Headers = headers,
            Body = attempt.Written.Body,
            Proxy = account.Proxy,
            ConnectTimeout = target.Upstream.Timeouts.Connect,
        };
    }
}
