using System.Collections.Immutable;

namespace Engine.Actors.Rotation;

/// <summary>Turns in proportion to the accounts' weights, as evenly spread as they can be: never a whole turn from what is due.</summary>
public sealed class Weighted : Selector
{
    /// <inheritdoc/>
    public override string Name => "weighted";

    /// <summary>
    /// One cycle. Each step every lane gains its weight, and the one taken pays the sum of all weights. Taking the richest would
    /// let some fall behind by more than a turn; instead, of those rich enough, the one goes that would first be owed a turn too
    /// many (Tijdeman's solution of the chairman assignment problem).
    /// </summary>
    public override ImmutableArray<int> OrderOf(ImmutableArray<Lane> lanes)
    {
        var weights = Scaled(lanes);
        long total = weights.Sum();
        var parts = Math.Max(1, (2 * weights.Length) - 2);
        var wealth = new long[weights.Length];
        var order = ImmutableArray.CreateBuilder<int>((int)total);
        for (var step = 0; step < total; step++)
        {
            var next = -1;
            for (var i = 0; i < weights.Length; i++)
            {
                wealth[i] += weights[i];
                if (wealth[i] * parts >= total && (next < 0 || Slack(i) * weights[next] < Slack(next) * weights[i]))
                {
                    next = i;
                }
            }

            wealth[next] -= total;
            order.Add(next);
        }

        return order.MoveToImmutable();

        long Slack(int lane) => (total * (parts - 1)) - (wealth[lane] * parts);
    }

    /// <inheritdoc/>
    public override Turn Claim(Cursor cursor, int length)
    {
        var start = cursor.Position % length;
        return new Turn(start, new Cursor((start + 1) % length, 0));
    }

    private static int[] Scaled(ImmutableArray<Lane> lanes)
    {
        var weights = lanes.Select(static lane => lane.Account.Weight).ToArray();
        if (weights.Length == 0)
        {
            return weights;
        }

        var divisor = weights.Aggregate(static (a, b) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
        var excess = Math.Max(1.0, weights.Sum() / (double)divisor / RotationTable.MaxCycle);
        return [.. weights.Select(weight => Math.Max(1, (int)(weight / divisor / excess)))];
    }
}
