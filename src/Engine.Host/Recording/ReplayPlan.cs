namespace Engine.Host.Recording;

/// <summary>In which pieces a recorded body goes out, and when each is due after the response head.</summary>
/// <param name="Sizes">Bytes per piece; they add up to the body.</param>
/// <param name="Due">Per piece, never falling.</param>
internal sealed record ReplayPlan(IReadOnlyList<int> Sizes, IReadOnlyList<TimeSpan> Due)
{
    /// <summary>The pace of a recording that does not know its own, in milliseconds per piece.</summary>
    internal const double DefaultInterval = 15;

    internal static ReplayPlan For(Fixture fixture, ReadOnlySpan<byte> body, ReplaySpeed speed)
    {
        var sizes = fixture.Meta.Chunks ?? Split(body, fixture.Form);
        var due = new TimeSpan[sizes.Count];
        for (var i = 0; i < due.Length; i++)
        {
            due[i] = speed.Scale(fixture.Meta.Timing is { } timing ? timing[i] : i * DefaultInterval);
        }

        return new ReplayPlan(sizes, due);
    }

    /// <summary>Without recorded reads, each event of a stream is a piece of its own and anything else is one.</summary>
    private static List<int> Split(ReadOnlySpan<byte> body, AnswerForm form)
    {
        var sizes = new List<int>();
        while (!body.IsEmpty)
        {
            var size = form switch
            {
                AnswerForm.Sse => EventLength(body),
                AnswerForm.NdJson => body.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : body.Length,
                _ => body.Length,
            };
            sizes.Add(size);
            body = body[size..];
        }

        return sizes;
    }

    /// <summary>Up to and including the blank line; CRLF, LF and CR all end a line.</summary>
    private static int EventLength(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (body[at..].IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var length)
        {
            at += length;
            at += body[at..].StartsWith("\r\n"u8) ? 2 : 1;
            if (length == 0)
            {
                return at;
            }
        }

        return body.Length;
    }
}
