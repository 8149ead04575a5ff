namespace Engine.Host.Configuration;

/// <summary>The words that stand for an enum's members in the configuration.</summary>
internal sealed class Words<T>(params (string Word, T Value)[] entries)
    where T : struct, Enum
{
    public IEnumerable<string> All => entries.Select(entry => entry.Word);

    public bool TryRead(string word, out T value)
    {
        var index = Array.FindIndex(entries, entry => entry.Word.Equals(word, StringComparison.Ordinal));
        value = index < 0 ? default : entries[index].Value;
        return index >= 0;
    }

    /// <summary>The word for a member, as logs and metrics show it.</summary>
    public string Of(T value) => Array.Find(entries, entry => EqualityComparer<T>.Default.Equals(entry.Value, value)).Word;
}

/// <summary>Every enum of the configuration in its words.</summary>
internal static class ConfigWords
{
    public static Words<UpstreamDialect> Dialects { get; } = new(
        ("openai-chat", UpstreamDialect.OpenAiChat),
        ("openai-responses", UpstreamDialect.OpenAiResponses),
        ("anthropic", UpstreamDialect.Anthropic),
        ("gemini", UpstreamDialect.Gemini),
        ("code-assist", UpstreamDialect.CodeAssist),
        ("ollama", UpstreamDialect.Ollama),
        ("codex", UpstreamDialect.Codex),
        ("kiro", UpstreamDialect.Kiro),
        ("replay", UpstreamDialect.Replay));

    public static Words<RoutingStrategy> Strategies { get; } = new(
        ("round-robin", RoutingStrategy.RoundRobin),
        ("request-count", RoutingStrategy.RequestCount),
        ("quota-exhausted", RoutingStrategy.QuotaExhausted),
        ("fill-first", RoutingStrategy.FillFirst),
        ("least-busy", RoutingStrategy.LeastBusy),
        ("weighted", RoutingStrategy.Weighted),
        ("soonest-reset-first", RoutingStrategy.SoonestResetFirst));

    public static Words<RoutingAffinity> Affinities { get; } = new(("none", RoutingAffinity.None), ("session", RoutingAffinity.Session));

    public static Words<AccessMode> AccessModes { get; } = new(
        ("off", AccessMode.Off),
        ("strict", AccessMode.Strict),
        ("all-except-health", AccessMode.AllExceptHealth),
        ("monitoring", AccessMode.Monitoring),
        ("auto", AccessMode.Auto));

    public static Words<PersistenceProvider> Providers { get; } = new(
        ("sqlite", PersistenceProvider.Sqlite), ("postgres", PersistenceProvider.Postgres));
}
