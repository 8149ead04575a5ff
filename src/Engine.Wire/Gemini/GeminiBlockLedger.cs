using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>
/// Turns parts into events of numbered blocks. A new block begins whenever the kind of part changes or a signature closed the
/// last one. A signature on an empty text part belongs to the block that is open; after a call, or with nothing open, it becomes
/// a reasoning block of its own, since a call already has its signature and a second would replace it. Parts that the provider
/// runs itself (<c>executableCode</c>, <c>codeExecutionResult</c>, <c>toolCall</c>, <c>toolResponse</c>) and <c>fileData</c> have
/// no event and only end the open block.
/// </summary>
internal sealed class GeminiBlockLedger(IdMint ids)
{
    private int _blocks;
    private int _calls;

    /// <summary>Tells the sink what a part says.</summary>
    public void Tell(scoped in GeminiPart part, GeminiCandidate candidate, ICompletionSink sink)
    {
        if (part.HasCall)
        {
            TellCall(in part, candidate, sink);
        }
        else if (!part.Data.IsEmpty)
        {
            TellMedia(in part, candidate, sink);
        }
        else if (part.IsHosted)
        {
            candidate.Open = null;
        }
        else if (!part.Text.IsEmpty || !part.Signature.IsEmpty)
        {
            TellText(in part, candidate, sink);
        }
    }

    private void TellText(scoped in GeminiPart part, GeminiCandidate candidate, ICompletionSink sink)
    {
        if (!part.Text.IsEmpty)
        {
            var key = Continue(candidate, part.IsThought);
            if (part.IsThought)
            {
                sink.Reasoning(key, part.Text);
            }
            else
            {
                sink.Text(key, part.Text);
                candidate.SawText(key, part.Text);
            }
        }

        if (!part.Signature.IsEmpty)
        {
            var alone = candidate.Open is null || (part.IsThought && !candidate.OpenIsThought);
            sink.Signature(alone ? NewKey(candidate) : candidate.Open!.Value, SignatureFamily.Gemini, part.Signature);
            candidate.Open = null;
        }
    }

    private void TellMedia(scoped in GeminiPart part, GeminiCandidate candidate, ICompletionSink sink)
    {
        candidate.Open = null;
        if (part.IsThought)
        {
            // A draft the model drew while thinking; no dialect shows those.
            return;
        }

        var key = NewKey(candidate);
        sink.Media(key, part.MimeType, part.Data);
        if (!part.Signature.IsEmpty)
        {
            sink.Signature(key, SignatureFamily.Gemini, part.Signature);
        }
    }

    private void TellCall(scoped in GeminiPart part, GeminiCandidate candidate, ICompletionSink sink)
    {
        var call = part.Call;
        candidate.Open = null;
        if (call.Name.IsEmpty)
        {
            ContinuePartialCall(call, candidate, sink);
            return;
        }

        EndPartialCall(candidate, sink);
        var key = NewKey(candidate);
        if (!part.Signature.IsEmpty)
        {
            sink.Signature(key, SignatureFamily.Gemini, part.Signature);
        }

        var minted = _calls++;
        sink.ToolStart(key, call.Id.IsEmpty ? EscapedText.FromContent(Encoding.ASCII.GetBytes(ids.Mint("call_", minted))) : call.Id, call.Name);
        if (call.WillContinue || !call.PartialArguments.IsEmpty)
        {
            candidate.PartialCall = key;
            candidate.PartialArguments = new GeminiPartialArguments();
            ContinuePartialCall(call, candidate, sink);
            return;
        }

        if (!call.Arguments.IsEmpty)
        {
            sink.ToolArguments(key, call.Arguments);
        }

        sink.ToolEnd(key);
    }

    private static void ContinuePartialCall(GeminiCall call, GeminiCandidate candidate, ICompletionSink sink)
    {
        if (!call.PartialArguments.IsEmpty)
        {
            candidate.PartialArguments?.Add(call.PartialArguments);
        }

        if (!call.WillContinue)
        {
            EndPartialCall(candidate, sink);
        }
    }

    /// <summary>Ends the call that Vertex streams in pieces, when there is one.</summary>
    public static void EndPartialCall(GeminiCandidate candidate, ICompletionSink sink)
    {
        if (candidate.PartialCall is not { } key)
        {
            return;
        }

        using var json = new PooledBytes();
        candidate.PartialArguments!.Write(new JsonEmitter(json));
        sink.ToolArguments(key, RawJson.FromUtf8(json.Span));
        sink.ToolEnd(key);
        candidate.PartialCall = null;
        candidate.PartialArguments = null;
    }

    private BlockKey Continue(GeminiCandidate candidate, bool isThought)
    {
        if (candidate.Open is { } open && candidate.OpenIsThought == isThought)
        {
            return open;
        }

        var key = NewKey(candidate);
        candidate.Open = key;
        candidate.OpenIsThought = isThought;
        return key;
    }

    private BlockKey NewKey(GeminiCandidate candidate) => new(_blocks++, candidate.Index);
}
