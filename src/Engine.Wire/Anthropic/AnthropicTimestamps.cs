using System.Globalization;

namespace Engine.Wire.Anthropic;

/// <summary>Instants in the dialect's form, RFC 3339 in UTC.</summary>
internal static class AnthropicTimestamps
{
    private const long SecondsPerDay = 86_400;

    /// <summary>Formats seconds since 1970-01-01 UTC; years 0 to 9999.</summary>
    public static string Format(long unixSeconds)
    {
        var days = Math.DivRem(unixSeconds, SecondsPerDay, out var second);
        if (second < 0)
        {
            days--;
            second += SecondsPerDay;
        }

        var (year, month, day) = CivilDate(days);
        return string.Create(
            CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{day:D2}T{second / 3600:D2}:{second / 60 % 60:D2}:{second % 60:D2}Z");
    }

    // Proleptic Gregorian date of a day count, with years that begin in March so that the leap day comes last.
    private static (long Year, long Month, long Day) CivilDate(long daysSince1970)
    {
        const long daysPerEra = 146_097;
        var days = daysSince1970 + 719_468;
        var era = (days >= 0 ? days : days - daysPerEra + 1) / daysPerEra;
        var dayOfEra = days - (era * daysPerEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / (daysPerEra - 1))) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var monthFromMarch = ((5 * dayOfYear) + 2) / 153;
        var month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, dayOfYear - (((153 * monthFromMarch) + 2) / 5) + 1);
    }
}
