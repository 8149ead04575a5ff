using System.Globalization;

namespace Engine.Host.Recording;

/// <summary>How fast recorded time passes: 1 as it was, 10 ten times faster, <see cref="Max"/> without any delay.</summary>
internal readonly record struct ReplaySpeed
{
    private readonly double _factor;

    private ReplaySpeed(double factor)
    {
        _factor = factor;
    }

    internal static ReplaySpeed Recorded { get; } = new(1);

    internal static ReplaySpeed Max { get; } = new(double.PositiveInfinity);

    /// <summary>Reads <c>max</c> or a number from 0.001 to 1,000,000.</summary>
    internal static bool TryParse(string text, out ReplaySpeed speed)
    {
        speed = Max;
        if (string.Equals(text, "max", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            && factor is >= 0.001 and <= 1_000_000)
        {
            speed = new ReplaySpeed(factor);
            return true;
        }

        return false;
    }

    /// <summary>How long a recorded span of milliseconds takes at this speed.</summary>
    internal TimeSpan Scale(double milliseconds) =>
        double.IsPositiveInfinity(_factor) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(milliseconds / _factor);
}
