using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Collects the arguments of some tools, under a cap, and rewrites them when they are complete. Arguments of other tools, those
/// that are not JSON, those past the cap and those of a call that never ends pass as they came.
/// </summary>
internal abstract class ArgumentRewritingSink : RelaySink
{
    /// <summary>Bytes of one call's arguments that are collected at most.</summary>
    internal const int MaximumArguments = 1 << 20;

    private readonly List<Call> _free = [];
    private readonly List<Call> _open = [];
    private readonly HeldBytes _json = new();

    protected ArgumentRewritingSink(ICompletionSink next)
        : base(next)
    {
    }

    public override void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        var rewrite = RewriteOf(name);
        if (rewrite >= 0)
        {
            var call = _free.Count > 0 ? _free[^1] : new Call();
            _free.Remove(call);
            call.Key = key;
            call.Rewrite = rewrite;
            _open.Add(call);
        }

        base.ToolStart(key, id, name);
    }

    public override void ToolArguments(BlockKey key, EscapedText fragment)
    {
        if (Find(key) is not { } call)
        {
            base.ToolArguments(key, fragment);
            return;
        }

        if (call.Collected.Length + fragment.Content.Length > MaximumArguments)
        {
            Release(call);
            base.ToolArguments(key, fragment);
            return;
        }

        call.Collected.Append(fragment.Content);
    }

    public override void ToolArguments(BlockKey key, RawJson whole)
    {
        if (Find(key) is not { } call || whole.Utf8.Length > MaximumArguments || !TryRewrite(call, whole.Utf8))
        {
            base.ToolArguments(key, whole);
        }

        // Nothing was collected, and nothing more may come.
    }

    public override void ToolEnd(BlockKey key)
    {
        if (Find(key) is { } call)
        {
            Complete(call);
        }

        base.ToolEnd(key);
    }

    public override void Finish(in FinishEvent finish)
    {
        ReleaseAll(finish.Candidate);
        base.Finish(finish);
    }

    public override void End()
    {
        while (_open.Count > 0)
        {
            Release(_open[^1]);
        }

        base.End();
    }

    /// <summary>Which rewriting the tool's arguments need; negative for none.</summary>
    protected abstract int RewriteOf(EscapedText name);

    /// <summary>Emits the rewritten arguments, or answers false and emits nothing. May throw <see cref="JsonException"/>.</summary>
    protected abstract bool Rewrite(BlockKey key, int rewrite, ReadOnlySpan<byte> json);

    private void Complete(Call call)
    {
        _json.Clear();
        var escaped = call.Collected.Span;
        try
        {
            _json.Advance(JsonStrings.Unescape(escaped, _json.GetSpan(escaped.Length)));
        }
        catch (JsonException)
        {
            Release(call);
            return;
        }

        if (escaped.IsEmpty || !TryRewrite(call, _json.Span))
        {
            Release(call);
            return;
        }

        call.Collected.Clear();
        Release(call);
    }

    private bool TryRewrite(Call call, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonValidity.IsObject(json) && Rewrite(call.Key, call.Rewrite, json);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReleaseAll(int candidate)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i].Key.Candidate == candidate)
            {
                Release(_open[i]);
            }
        }
    }

    private void Release(Call call)
    {
        if (call.Collected.Length > 0)
        {
            Next.ToolArguments(call.Key, EscapedText.FromContent(call.Collected.Span));
        }

        call.Collected.Clear();
        _open.Remove(call);
        _free.Add(call);
    }

    private Call? Find(BlockKey key)
    {
        foreach (var call in _open)
        {
            if (call.Key == key)
            {
                return call;
            }
        }

        return null;
    }

    private sealed class Call
    {
        public BlockKey Key { get; set; }

        public int Rewrite { get; set; }

        public HeldBytes Collected { get; } = new();
    }
}
