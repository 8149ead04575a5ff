using System.Text;

namespace Engine.EndToEnd.Tests.Faults;

/// <summary>
/// Every way an upstream fails, in every phase, for every pair of dialects: what the client sees, and whether another account is
/// tried.
/// </summary>
public sealed class FaultTests(FaultyUpstreams upstreams) : IClassFixture<FaultyUpstreams>
{
    public static IEnumerable<TheoryDataRow<string, string, string, string, bool>> BeforeContent() =>
    [
        .. Rows(UpstreamFaults.BeforeHead, stream: true),
        .. Rows(UpstreamFaults.BeforeHead, stream: false),
        .. Rows(UpstreamFaults.BeforeContent, stream: true),
        .. Rows(UpstreamFaults.Whole, stream: false),
    ];

    public static IEnumerable<TheoryDataRow<string, string, string, string, bool>> AfterContent() => Rows(UpstreamFaults.AfterContent, stream: true);

    [Theory]
    [MemberData(nameof(BeforeContent))]
    public async Task Before_content_a_failure_is_an_http_error_of_the_clients_dialect(string fault, string kind, string client, string upstream, bool stream)
    {
        await upstreams.FailWithAsync(fault);

        using var response = await AskAsync(client, $"one-{upstream}/m", stream);

        await ClientDialects.AssertErrorAsync(client, ClientDialects.StatusOf(client, kind), ClientDialects.WordOf(client, kind), response);
        Assert.Equal("1", ClientDialects.Header(response, "x-engine-attempts"));
        Assert.Equal("a0", ClientDialects.Header(response, "x-engine-account"));
        Assert.Equal("one-" + upstream, ClientDialects.Header(response, "x-engine-upstream"));
    }

    [Theory]
    [MemberData(nameof(BeforeContent))]
    public async Task Before_content_a_failure_is_retried_on_another_account(string fault, string kind, string client, string upstream, bool stream)
    {
        Assert.NotEmpty(kind);
        await upstreams.FailWithAsync(fault);

        using var response = await AskAsync(client, $"two-{upstream}/m", stream);

        await AssertAnsweredAsync(client, stream, response);
        Assert.Equal("2", ClientDialects.Header(response, "x-engine-attempts"));
        Assert.Contains(ClientDialects.Header(response, "x-engine-account"), (string[])["a0", "a1"]);
    }

    [Theory]
    [MemberData(nameof(AfterContent))]
    public async Task After_content_a_failure_is_an_error_event_and_never_a_stop(string fault, string kind, string client, string upstream, bool stream)
    {
        await upstreams.FailWithAsync(fault);

        using var request = ClientDialects.Ask(client, $"two-{upstream}/m", stream);
        using var response = await upstreams.Engine.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        var body = await ReadAsync(response);
        Assert.Equal(200, (int)response.StatusCode);
        StreamSeen.AssertBroken(client, ClientDialects.WordOf(client, kind), body);
        Assert.Equal("Hello ", StreamSeen.Of(client, body).Text);
        var counted = ClientDialects.Header(response, "x-engine-account");
        Assert.NotEmpty(upstreams.Engine.StateOf("two-" + upstream, counted).Models);
        Assert.Equal("1", ClientDialects.Header(response, "x-engine-attempts"));
        Assert.Equal(1, upstreams.Calls);
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Pairs), MemberType = typeof(ClientDialects))]
    public async Task The_clients_own_fault_is_never_tried_elsewhere(string client, string upstream)
    {
        foreach (var stream in (bool[])[false, true])
        {
            await upstreams.FailWithAsync("400");

            using var response = await AskAsync(client, $"two-{upstream}/m", stream);

            var error = await ClientDialects.AssertErrorAsync(client, 400, null, response);
            Assert.Contains("The upstream says no", error.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Equal("1", ClientDialects.Header(response, "x-engine-attempts"));
            Assert.Equal(1, upstreams.Calls);
        }
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Pairs), MemberType = typeof(ClientDialects))]
    public async Task The_wait_that_an_upstream_asks_for_reaches_the_client(string client, string upstream)
    {
        await upstreams.FailWithAsync("429");

        using var response = await AskAsync(client, $"one-{upstream}/m", stream: true);

        var error = await ClientDialects.AssertErrorAsync(client, 429, null, response);
        Assert.Contains(ClientDialects.Header(response, "retry-after"), (string[])["7", "8"]);
        Assert.Contains("Rate limit reached", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Pairs), MemberType = typeof(ClientDialects))]
    public async Task An_upstream_nobody_listens_at_is_a_fault_of_the_upstream(string client, string upstream)
    {
        foreach (var stream in (bool[])[false, true])
        {
            await upstreams.FailWithAsync("");
            using var response = await AskAsync(client, $"refuses-{upstream}/m", stream);

            await ClientDialects.AssertErrorAsync(client, ClientDialects.StatusOf(client, "fault"), ClientDialects.WordOf(client, "fault"), response);
        }
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Pairs), MemberType = typeof(ClientDialects))]
    public async Task A_refused_connection_is_retried_at_another_upstream(string client, string upstream)
    {
        await upstreams.FailWithAsync("");
        var attempts = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await AskAsync(client, "half-" + upstream, stream: i == 1);

            await AssertAnsweredAsync(client, i == 1, response);
            Assert.Equal("works-" + upstream, ClientDialects.Header(response, "x-engine-upstream"));
            attempts.Add(ClientDialects.Header(response, "x-engine-attempts"));
        }

        Assert.Contains("2", attempts);
    }

    [Theory]
    [MemberData(nameof(ClientDialects.Each), MemberType = typeof(ClientDialects))]
    public async Task When_every_account_fails_the_last_failure_is_told_once(string client)
    {
        await upstreams.FailWithAsync("");

        using var response = await AskAsync(client, "refuses-anthropic/m", stream: true);

        var error = await ClientDialects.AssertErrorAsync(client, ClientDialects.StatusOf(client, "fault"), null, response);
        Assert.DoesNotContain("127.0.0.1", error.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("key-", error.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gemini_client_without_sse_gets_the_error_as_the_last_element_of_its_array()
    {
        await upstreams.FailWithAsync("text-closed");
        using var request = ClientDialects.Send("gemini", "", stream: true, ClientDialects.Body("gemini", "", stream: true));
        request.RequestUri = new Uri("/v1beta/models/one-anthropic/m:streamGenerateContent", UriKind.Relative);
        using var response = await upstreams.Engine.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var elements = ClientDialects.Parse(await ReadAsync(response)).EnumerateArray().ToList();

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("INTERNAL", elements[^1].GetProperty("error").GetProperty("status").GetString());
        Assert.DoesNotContain(elements, static element => element.GetRawText().Contains("finishReason", StringComparison.Ordinal));
    }

    private static IEnumerable<TheoryDataRow<string, string, string, string, bool>> Rows((string Fault, string Kind)[] faults, bool stream) =>
        from fault in faults
        from client in ClientDialects.Names
        from upstream in UpstreamScripts.Dialects
        select new TheoryDataRow<string, string, string, string, bool>(fault.Fault, fault.Kind, client, upstream, stream);

    private static async Task AssertAnsweredAsync(string client, bool stream, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        if (stream)
        {
            StreamSeen.AssertWhole(client, "Hello wörld", body);
        }
        else
        {
            Assert.Equal("Hello wörld", ClientDialects.Text(client, body));
        }
    }

    private async Task<string> ReadAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var all = new StringBuilder();
        var buffer = new char[4096];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            all.Append(buffer, 0, count);
            if (all.ToString().Contains("Hello ", StringComparison.Ordinal))
            {
                upstreams.TextSeen();
            }
        }

        return all.ToString();
    }

    private async Task<HttpResponseMessage> AskAsync(string client, string model, bool stream)
    {
        using var request = ClientDialects.Ask(client, model, stream);
        return await upstreams.Engine.Http.SendAsync(request);
    }
}
