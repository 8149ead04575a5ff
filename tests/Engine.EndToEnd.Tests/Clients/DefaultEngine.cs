namespace Engine.EndToEnd.Tests.Clients;

/// <summary>The engine as a newcomer starts it: the default config, no key in the environment.</summary>
public sealed class DefaultEngine : IAsyncLifetime
{
    internal EngineUnderTest Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Engine = await EngineUnderTest.StartDefaultAsync();

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
