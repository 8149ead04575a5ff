using System.Globalization;

namespace Engine.Quota;

/// <summary>How long an answer is to take: the agent writes it into its last turn, so that what it waits beyond that is known.</summary>
internal static class ServiceTime
{
    private const string Mark = "service-ms=";

    public static string Word(TimeSpan service) => string.Create(CultureInfo.InvariantCulture, $"{Mark}{(int)service.TotalMilliseconds};");

    public static TimeSpan In(string body)
    {
        var from = body.LastIndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        var to = body.IndexOf(';', from);
        return TimeSpan.FromMilliseconds(int.Parse(body.AsSpan(from, to - from), CultureInfo.InvariantCulture));
    }
}
