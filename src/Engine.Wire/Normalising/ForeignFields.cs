using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Normalising;

/// <summary>Fields that have no place in the tree go to the ledger with the rule their reader gave them (wire/mapping.md §6).</summary>
internal static class ForeignFields
{
    /// <summary>Notes every foreign field. The tree stays as it is.</summary>
    public static CompletionRequest Apply(CompletionRequest request, TargetCapabilities _, LossLedger losses)
    {
        foreach (var field in request.Foreign)
        {
            var why = field.Rule == LossRule.Refused ? $"'{field.Path}' has no equivalent at the upstream of this model." : "";
            losses.Add(field.Path, field.Rule, why);
        }

        return request;
    }
}
