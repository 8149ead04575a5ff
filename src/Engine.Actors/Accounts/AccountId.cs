namespace Engine.Actors.Accounts;

/// <summary>Which account. Both names come from the config and are public.</summary>
/// <param name="Upstream">The upstream it belongs to.</param>
/// <param name="Account">Its name, unique within the upstream.</param>
public readonly record struct AccountId(string Upstream, string Account)
{
    /// <summary>The name of its history in the journal: <c>account/UPSTREAM/ACCOUNT</c>.</summary>
    public string PersistenceId => $"account/{Upstream}/{Account}";

    /// <inheritdoc/>
    public override string ToString() => $"{Upstream}/{Account}";
}
