namespace Engine.Actors.Accounts;

/// <summary>What an account may do, as one word for operators, metrics and pages.</summary>
public static class AccountStatus
{
    /// <summary>May be called.</summary>
    public const string Available = "available";

    /// <summary>Rests.</summary>
    public const string Cooling = "cooling";

    /// <summary>Its rest is over; one probe decides.</summary>
    public const string HalfOpen = "half_open";

    /// <summary>Its quota or credit is used up.</summary>
    public const string Exhausted = "exhausted";

    /// <summary>Its credential is refused.</summary>
    public const string AuthenticationFailed = "auth_failed";

    /// <summary>An operator has taken it out.</summary>
    public const string Suspended = "suspended";

    /// <summary>It is not configured any more.</summary>
    public const string Retired = "retired";

    /// <summary>The word for a standing at an instant. A standing whose time has come is half open.</summary>
    public static string WordOf(Standing standing, DateTimeOffset now) => standing switch
    {
        Standing.Available => Available,
        Standing.Suspended => Suspended,
        Standing.Retired => Retired,
        _ when standing.UsableAt <= now => HalfOpen,
        Standing.Exhausted => Exhausted,
        Standing.AuthenticationFailed => AuthenticationFailed,
        _ => Cooling,
    };
}
