using Engine.Actors.Accounts;
using Engine.Actors.Rotation;

namespace Engine.Actors.Tests.Credentials;

public sealed class ExpiredCredentialTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-1, "No")]
    [InlineData(0, "Refreshing")]
    [InlineData(1, "Refreshing")]
    public void A_credential_that_is_over_bars_its_account_until_there_is_another(int seconds, string expected)
    {
        var gate = new Gate();
        foreach (var credential in new CredentialState[] { new CredentialState.Valid(Start), new CredentialState.Refreshing(Start.AddMinutes(-5), Start) })
        {
            gate.Publish(new GateView(Standing.Available.Instance, hasFailures: false, credential));

            Assert.Equal(expected, gate.TryPass(Start.AddSeconds(seconds).UtcTicks, out var probe, out _).ToString());
            Assert.Equal(0, probe);
        }

        gate.Publish(new GateView(Standing.Available.Instance, hasFailures: false, new CredentialState.Valid(Start.AddHours(1))));
        Assert.Equal(PassedOver.No, gate.TryPass(Start.AddSeconds(seconds).UtcTicks, out _, out _));
    }
}
