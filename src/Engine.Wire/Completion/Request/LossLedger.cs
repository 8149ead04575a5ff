namespace Engine.Wire.Completion.Request;

/// <summary>Collects what passes and writers could not carry over. One per attempt; bounded by the size of the request.</summary>
public sealed class LossLedger
{
    private readonly List<Loss> _losses = [];

    /// <summary>All losses in the order they were met, each once.</summary>
    public IReadOnlyList<Loss> Losses => _losses;

    /// <summary>Notes one loss; a repetition is ignored.</summary>
    public void Add(string path, LossRule rule, string why = "")
    {
        var loss = new Loss(path, rule) { Why = why };
        if (!_losses.Contains(loss))
        {
            _losses.Add(loss);
        }
    }

    /// <summary>The first loss that forbids the call, or null. Under strict, a reported loss forbids too.</summary>
    public Loss? FirstRefusal(bool strict)
    {
        foreach (var loss in _losses)
        {
            if (loss.Rule == LossRule.Refused || (strict && loss.Rule == LossRule.Reported))
            {
                return loss;
            }
        }

        return null;
    }
}
