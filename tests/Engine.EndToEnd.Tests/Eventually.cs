using System.Diagnostics;

namespace Engine.EndToEnd.Tests;

/// <summary>Waits for what must become true, without saying when.</summary>
internal static class Eventually
{
    /// <summary>Completes once the condition holds; fails the test after <see cref="EngineUnderTest.Patience"/>.</summary>
    public static Task TrueAsync(Func<bool> condition, string otherwise) => TrueAsync(() => Task.FromResult(condition()), otherwise);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string otherwise)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < EngineUnderTest.Patience, otherwise);
            await Task.Delay(20);
        }
    }
}
