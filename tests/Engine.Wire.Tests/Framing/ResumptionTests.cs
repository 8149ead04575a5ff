using System.Text;
using Engine.Wire.Framing;

namespace Engine.Wire.Tests.Framing;

/// <summary>
/// No framer looks twice at bytes that it has searched: a giant event in small pieces would cost the square of its length. The proof
/// shows a framer half an event, puts a terminator into what it has seen, and expects it to go unnoticed.
/// </summary>
public class ResumptionTests
{
    [Theory]
    [InlineData("data: xxxx", "data: \n\nxx", "x\n\n")]
    [InlineData("data: xxxx", "data: \r\rxx", "x\r\n\r\n")]
    [InlineData(": a\ndata: 1\ndata: xxxx", ": a\ndata: 1\ndata: \n\nxx", "x\n\n")]
    [InlineData("{\"xxxx", "{\"}\n\nx", "x\"}")]
    [InlineData(": a\ndata: xxxx", ": a\ndata: \n\nxx", "x\n\n", 4)]
    [InlineData(": a\n: xxxx", ": a\n: \r\rxx", "x\ndata: 1\n\n", 4)]
    public void The_sse_framer_goes_on_where_it_stopped(string seen, string changed, string more, int silent = 0) =>
        GoesOn(default(SseFramer), seen, changed, more, silent);

    [Theory]
    [InlineData("{\"xxxx", "{\"}\n\nx", "x\"}\n")]
    [InlineData("\n{\"xxxx", "\n{\"}\n\nx", "x\"}\n", 1)]
    public void The_line_framer_goes_on_where_it_stopped(string seen, string changed, string more, int silent = 0) =>
        GoesOn(default(NdJsonFramer), seen, changed, more, silent);

    [Theory]
    [InlineData("[{\"xxxx", "[{\"\"}xx", "x\"}")]
    [InlineData("[{\"a\":[", "[{\"a\":]", "]}")]
    public void The_array_framer_goes_on_where_it_stopped(string seen, string changed, string more) =>
        GoesOn(default(JsonArrayFramer), seen, changed, more);

    private static void GoesOn<TFramer>(TFramer framer, string seen, string changed, string more, int silent = 0)
        where TFramer : struct, IFramer
    {
        Assert.Equal(seen.Length, changed.Length);
        var status = framer.Read(Encoding.UTF8.GetBytes(seen), isFinal: false, out var first);
        Assert.Equal((silent > 0 ? FrameStatus.Silent : FrameStatus.NeedMore, silent), (status, first.Length));

        byte[] input = Encoding.UTF8.GetBytes(changed[silent..] + more);
        Assert.Equal(FrameStatus.Frame, framer.Read(input, isFinal: false, out var frame));
        Assert.Equal(input.Length, frame.Length);
    }
}
