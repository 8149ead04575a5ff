using System.Collections.Immutable;

namespace Engine.Actors.Rotation;

/// <summary>Turns in proportion to the accounts' weights, as evenly spread as they can be (smooth weighted round-robin).</summary>
public sealed class Weighted : Selector
{
    /// <inheritdoc/>
    public override string Name => "weighted";

    /// <summary>
    /// One cycle: each step every lane gains its weight, the richest is taken and pays the sum of all weights.
    /// </summary>
    public override ImmutableArray<int> OrderOf(ImmutableArray<Lane> lanes)
    {
        var weights = Scaled(lanes);
        var total = weights.Sum();
        var wealth = new int[weights.Length];
        var order = ImmutableArray.CreateBuilder<int>(total);
        for (var step = 0; step < total; step++)
        {
            var richest = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                wealth[i] += weights[i];
                richest = wealth[i] > wealth[richest] ? i : richest;
            }

            wealth[richest] -= total;
            order.Add(richest);
        }

        return order.MoveToImmutable();
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
