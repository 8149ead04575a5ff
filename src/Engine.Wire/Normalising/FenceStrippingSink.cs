using System.Buffers;
using Engine.Wire.Completion;

namespace Engine.Wire.Normalising;

/// <summary>
/// Cuts a code fence from around the answer: models asked for bare JSON like to add one. An answer that does not begin with a
/// fence passes untouched.
/// </summary>
internal sealed class FenceStrippingSink : TextWindowSink
{
    private const int Undecided = 0;
    private const int Plain = 1;
    private const int Opened = 2;
    private const int Fenced = 3;

    // Bytes held back at most: longer white space is no fence's.
    private const int MaximumHeld = 256;
    private const int LongestLanguage = 20;

    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> Language =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-"u8);

    public FenceStrippingSink(ICompletionSink next)
        : base(next)
    {
    }

    private static ReadOnlySpan<byte> Fence => "```"u8;

    protected override bool Scan(TextWindow window) => window.State != Plain;

    protected override void OnText(TextWindow window)
    {
        if (window.State == Undecided)
        {
            Decide(window);
        }

        if (window.State == Opened && window.Text.IndexOfAnyExcept(WhiteSpace) is >= 0 and var start)
        {
            window.Skip(start);
            window.State = Fenced;
        }

        if (window.State == Plain)
        {
            Emit(window, window.Text.Length);
        }
        else if (window.State == Fenced)
        {
            Emit(window, StartOfClosing(window.Text));
        }
    }

    protected override void OnBlockEnd(TextWindow window)
    {
        if (window.State is Undecided or Plain || (window.State == Fenced && !window.Text.Trim(" \t\r\n"u8).SequenceEqual(Fence)))
        {
            Emit(window, window.Text.Length);
        }
    }

    private static void Decide(TextWindow window)
    {
        var text = window.Text;
        var start = text.IndexOfAnyExcept(WhiteSpace);
        if ((start < 0 ? text.Length : start) > MaximumHeld)
        {
            window.State = Plain;
            return;
        }

        if (start < 0 || (text.Length - start < Fence.Length && Fence.StartsWith(text[start..])))
        {
            return;
        }

        if (!text[start..].StartsWith(Fence))
        {
            window.State = Plain;
            return;
        }

        var language = text[(start + Fence.Length)..];
        var end = language.IndexOfAnyExcept(Language);
        if (end < 0 || end > LongestLanguage)
        {
            window.State = language.Length > LongestLanguage ? Plain : Undecided;
            return;
        }

        window.State = Opened;
        window.Skip(start + Fence.Length + end);
    }

    // Where the tail begins that may turn out to be the closing fence.
    private static int StartOfClosing(ReadOnlySpan<byte> text)
    {
        var start = text.TrimEnd(" \t\r\n"u8).Length;
        var ticks = 0;
        while (ticks < Fence.Length && start > 0 && text[start - 1] == (byte)'`')
        {
            start--;
            ticks++;
        }

        start = text[..start].TrimEnd(" \t\r\n"u8).Length;
        return Math.Max(start, text.Length - MaximumHeld);
    }
}
