using System.Globalization;

namespace Engine.Wire.Completion;

/// <summary>Reads instants in RFC 3339 without a clock or a calendar of the framework.</summary>
internal static class Rfc3339
{
    private const int DateAndTime = 19;
    private const int LongestText = 40;

    /// <summary>
    /// Whole seconds since 1970-01-01 UTC, a fraction rounded up, of texts like <c>2026-11-21T10:00:00.5Z</c> and
    /// <c>2026-11-21T10:00:00+01:00</c>, years 1970 to 9999; null for anything else.
    /// </summary>
    public static long? ToUnixSeconds(ReadOnlySpan<char> text)
    {
        if (text.Length is <= DateAndTime or > LongestText
            || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ') || text[13] != ':' || text[16] != ':'
            || !TryNumber(text[..4], 1970, 9999, out var year)
            || !TryNumber(text[5..7], 1, 12, out var month)
            || !TryNumber(text[8..10], 1, 31, out var day)
            || !TryNumber(text[11..13], 0, 23, out var hour)
            || !TryNumber(text[14..16], 0, 59, out var minute)
            || !TryNumber(text[17..19], 0, 60, out var second)
            || !TryOffset(SkipFraction(text[DateAndTime..], out var fraction), out var offsetMinutes))
        {
            return null;
        }

        var minutes = (((DaysSince1970(year, month, day) * 24) + hour) * 60) + minute - offsetMinutes;
        return (minutes * 60) + second + (fraction ? 1 : 0);
    }

    // Years begin in March, so that the leap day comes last.
    private static long DaysSince1970(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        return (365L * y) + (y / 4) - (y / 100) + (y / 400) + dayOfYear - 719_468;
    }

    private static ReadOnlySpan<char> SkipFraction(ReadOnlySpan<char> text, out bool isNotZero)
    {
        isNotZero = false;
        if (text.IsEmpty || text[0] != '.')
        {
            return text;
        }

        var end = 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            isNotZero |= text[end++] != '0';
        }

        return text[end..];
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out int minutes)
    {
        minutes = 0;
        if (text is ['Z' or 'z'])
        {
            return true;
        }

        if (text is not ['+' or '-', _, _, ':', _, _]
            || !TryNumber(text[1..3], 0, 23, out var hours)
            || !TryNumber(text[4..6], 0, 59, out var rest))
        {
            return false;
        }

        minutes = ((hours * 60) + rest) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, int least, int most, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
