namespace Engine.Actors.Rotation;

/// <summary>
/// A number of requests on one account, then the next. Also the next when it cannot serve, unless that concerns one request alone.
/// </summary>
public sealed class RequestCount : Selector
{
    private readonly int _requests;

    /// <summary>Switches after <paramref name="requests"/>; 1 or more.</summary>
    public RequestCount(int requests) => _requests = Math.Max(1, requests);

    /// <inheritdoc/>
    public override string Name => "request-count";

    /// <inheritdoc/>
    public override bool StaysPut => true;

    /// <inheritdoc/>
    public override Turn Claim(Cursor cursor, int length)
    {
        var start = cursor.Position % length;
        if (cursor.Served >= _requests)
        {
            start = (start + 1) % length;
            return new Turn(start, new Cursor(start, 1));
        }

        return new Turn(start, new Cursor(start, cursor.Served + 1));
    }

    /// <inheritdoc/>
    public override Cursor Move(Cursor cursor, int position, PassedOver why) =>
        why is PassedOver.Tried or PassedOver.OtherFamily ? cursor : new Cursor(position, 1);
}
