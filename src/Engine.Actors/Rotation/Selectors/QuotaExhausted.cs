namespace Engine.Actors.Rotation;

/// <summary>
/// Stays on one account until its quota is used up or it is gone for good; then the next. While it merely rests, requests
/// overflow to the accounts after it and come back.
/// </summary>
public sealed class QuotaExhausted : Selector
{
    /// <inheritdoc/>
    public override string Name => "quota-exhausted";

    /// <inheritdoc/>
    public override bool StaysPut => true;

    /// <inheritdoc/>
    public override Turn Claim(Cursor cursor, int length)
    {
        var start = cursor.Position % length;
        return new Turn(start, new Cursor(start, 0));
    }

    /// <inheritdoc/>
    public override Cursor Move(Cursor cursor, int position, PassedOver why) =>
        why is PassedOver.Exhausted or PassedOver.AuthenticationFailed or PassedOver.Suspended or PassedOver.Retired ? new Cursor(position, 0) : cursor;
}
