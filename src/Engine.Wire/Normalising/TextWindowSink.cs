using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Looks into the text of an answer across the borders of deltas. What a pass holds back is released before the next event of
/// another block, before the finish and before the end. Reasoning and tool arguments are never looked into.
/// </summary>
internal abstract class TextWindowSink : RelaySink
{
    private readonly List<TextWindow> _windows = [];

    protected TextWindowSink(ICompletionSink next)
        : base(next)
    {
    }

    public override void Text(BlockKey key, EscapedText delta)
    {
        var window = WindowOf(key.Candidate);
        if (window.Key != key)
        {
            Release(window);
            window.Key = key;
        }

        if (!Scan(window))
        {
            base.Text(key, delta);
            return;
        }

        window.Append(delta);
        OnText(window);
    }

    public override void Reasoning(BlockKey key, EscapedText delta)
    {
        Release(WindowOf(key.Candidate));
        base.Reasoning(key, delta);
    }

    public override void Signature(BlockKey key, SignatureFamily family, EscapedText blob)
    {
        Release(WindowOf(key.Candidate));
        base.Signature(key, family, blob);
    }

    public override void RedactedReasoning(BlockKey key, SignatureFamily family, EscapedText data)
    {
        Release(WindowOf(key.Candidate));
        base.RedactedReasoning(key, family, data);
    }

    public override void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        Release(WindowOf(key.Candidate));
        base.ToolStart(key, id, name);
    }

    public override void Refusal(BlockKey key, EscapedText delta)
    {
        Release(WindowOf(key.Candidate));
        base.Refusal(key, delta);
    }

    public override void Media(BlockKey key, EscapedText mimeType, EscapedText base64)
    {
        Release(WindowOf(key.Candidate));
        base.Media(key, mimeType, base64);
    }

    public override void Finish(in FinishEvent finish)
    {
        Release(WindowOf(finish.Candidate));
        base.Finish(finish);
    }

    public override void End()
    {
        ReleaseAll();
        base.End();
    }

    public override void Error(UpstreamError error)
    {
        ReleaseAll();
        base.Error(error);
    }

    /// <summary>False when the text of this candidate no longer needs to be looked into.</summary>
    protected virtual bool Scan(TextWindow window) => true;

    /// <summary>The window has grown: pass on what can go.</summary>
    protected abstract void OnText(TextWindow window);

    /// <summary>Nothing follows in this block: pass on or drop the rest. The window is emptied afterwards.</summary>
    protected abstract void OnBlockEnd(TextWindow window);

    /// <summary>Passes the first bytes of the window on as text.</summary>
    protected void Emit(TextWindow window, int count)
    {
        if (count > 0)
        {
            Next.Text(window.Key, window.Escaped(count));
            window.Skip(count);
        }
    }

    /// <summary>The window of a candidate.</summary>
    protected TextWindow WindowOf(int candidate)
    {
        foreach (var window in _windows)
        {
            if (window.Candidate == candidate)
            {
                return window;
            }
        }

        var made = new TextWindow(candidate);
        _windows.Add(made);
        return made;
    }

    /// <summary>Ends the block that the window holds.</summary>
    protected void Release(TextWindow window)
    {
        window.Seal();
        if (window.Text.Length > 0)
        {
            OnBlockEnd(window);
            window.Skip(window.Text.Length);
        }
    }

    private void ReleaseAll()
    {
        foreach (var window in _windows)
        {
            Release(window);
        }
    }
}
