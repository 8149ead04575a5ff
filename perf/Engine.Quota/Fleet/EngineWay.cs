using System.Globalization;

namespace Engine.Quota;

/// <summary>Through the engine, as any client would.</summary>
internal sealed class EngineWay : IWay
{
    private readonly HttpClient _http;
    private readonly string _address;
    private readonly int _keys;

    public EngineWay(HttpClient http, string address, int keys)
    {
        _http = http;
        _address = address;
        _keys = keys;
    }

    public static string KeyOf(int agent, int keys) => "client-key-" + (agent % keys).ToString(CultureInfo.InvariantCulture);

    public Task<TurnOutcome> SendAsync(Simulated dialect, int agent, string body, bool stream, CancellationToken stop) =>
        Call.SendAsync(_http, _address, dialect, KeyOf(agent, _keys), body, stream, stop);
}
