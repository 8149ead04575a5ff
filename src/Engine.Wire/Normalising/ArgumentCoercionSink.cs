using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Json;
using Engine.Wire.Normalising.Schemas;

namespace Engine.Wire.Normalising;

/// <summary>
/// Turns the strings of a numeric or boolean enum in returned arguments back into what they stand for (pitfall 88). The arguments
/// of such tools are collected, under a cap, until they are complete; those that are not JSON, those past the cap and those of a
/// call that never ends pass as they came.
/// </summary>
internal sealed class ArgumentCoercionSink : RelaySink
{
    /// <summary>Bytes of one call's arguments that are collected at most.</summary>
    internal const int MaximumArguments = 1 << 20;

    private readonly List<Call> _free = [];
    private readonly List<Call> _open = [];
    private readonly KeyValuePair<byte[], ArgumentCoercion>[] _tools;
    private readonly HeldBytes _json = new();
    private readonly HeldBytes _coerced = new();

    /// <summary>Takes the tools' names as the upstream knows them.</summary>
    public ArgumentCoercionSink(ICompletionSink next, KeyValuePair<byte[], ArgumentCoercion>[] tools)
        : base(next) => _tools = tools;

    public override void ToolStart(BlockKey key, EscapedText id, EscapedText name)
    {
        if (CoercionOf(name) is { } coercion)
        {
            var call = _free.Count > 0 ? _free[^1] : new Call();
            _free.Remove(call);
            call.Key = key;
            call.Coercion = coercion;
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
        if (Find(key) is not { } call || whole.Utf8.Length > MaximumArguments || !TryCoerce(call, whole.Utf8))
        {
            base.ToolArguments(key, whole);
        }
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

    private ArgumentCoercion? CoercionOf(EscapedText name)
    {
        foreach (var (tool, coercion) in _tools)
        {
            if (name.TextEquals(tool))
            {
                return coercion;
            }
        }

        return null;
    }

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

        if (escaped.IsEmpty || !TryCoerce(call, _json.Span))
        {
            Release(call);
            return;
        }

        call.Collected.Clear();
        Release(call);
    }

    private bool TryCoerce(Call call, ReadOnlySpan<byte> json)
    {
        _coerced.Clear();
        if (!JsonValidity.IsObject(json) || !call.Coercion.TryApply(json, _coerced))
        {
            return false;
        }

        Next.ToolArguments(call.Key, RawJson.FromUtf8(_coerced.Span));
        return true;
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

        public ArgumentCoercion Coercion { get; set; } = new();

        public HeldBytes Collected { get; } = new();
    }
}
