using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>
/// Reasoning in history goes back to its own family only, as it came; foreign blocks and signatures are deleted, never forged,
/// never pasted as text (wire/mapping.md §3.5, pitfalls 74, 75).
/// </summary>
internal static class ReasoningReplay
{
    /// <summary>Deletes what the target cannot verify.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities target, string model, LossLedger losses)
    {
        var rules = target.Reasoning;
        return request.EditTurns(turn =>
        {
            var edited = turn.EditContent(part => Edit(part, rules, model));
            if (!ReferenceEquals(edited, turn))
            {
                losses.Add(turn.LossPath(), LossRule.Dropped);
            }

            return edited;
        });
    }

    private static Part? Edit(Part part, ReasoningRules rules, string model) => part switch
    {
        ReasoningPart reasoning => IsOwn(reasoning.Signature, rules, model) || IsPlain(reasoning, rules) ? reasoning : null,
        RedactedReasoningPart redacted => IsOwn(redacted.Signature, rules, model) ? redacted : null,
        TextPart { Signature: { } signature } text when !IsOwn(signature, rules, model) => text with { Signature = null },
        ImagePart { Signature: { } signature } image when !IsOwn(signature, rules, model) => image with { Signature = null },
        ToolCallPart { Signature: { } signature } call when !IsOwn(signature, rules, model) => call with { Signature = null },
        _ => part,
    };

    private static bool IsPlain(ReasoningPart reasoning, ReasoningRules rules) =>
        rules.ReplaysPlainText && !reasoning.Text.IsEmpty && reasoning.Signature is null or { Family: SignatureFamily.Plain };

    private static bool IsOwn(ReasoningSignature? signature, ReasoningRules rules, string model) =>
        signature is not null
        && rules.AcceptsForeignAccountSignatures
        && signature.Family == rules.Family
        && signature.Family is not (SignatureFamily.Unknown or SignatureFamily.Plain)
        && !signature.Blob.IsEmpty
        && IsOfLine(signature.Model, model);

    // A carrier names the model it came from: "gemini-2.5-pro" and "gemini-3-pro" are one line, "gpt-5" and "o4-mini" are not.
    private static bool IsOfLine(string origin, string target)
    {
        var length = origin.AsSpan().IndexOfAnyExceptInRange('a', 'z');
        var line = length < 0 ? origin : origin[..length];
        return line.Length == 0 || target.Length == 0 || target.Contains(line, StringComparison.OrdinalIgnoreCase);
    }
}
