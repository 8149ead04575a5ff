namespace Engine.Wire.Completion;

/// <summary>
/// The window of the limit that a <see cref="ErrorKind.RateLimit"/> or <see cref="ErrorKind.Quota"/> is about, where the upstream
/// names one. It is for the engine's own waiting and is never shown to a client.
/// </summary>
public enum QuotaWindow
{
    /// <summary>Not named, or of a length that only the hint beside it tells (Codex plan windows, wire/codex-backend.md errors).</summary>
    Unknown,

    /// <summary>A minute or less: Gemini <c>…PerMinute…</c> (wire/gemini.md §7), OpenAI RPM and TPM (wire/openai-chat.md §7).</summary>
    Minute,

    /// <summary>A day: Gemini <c>…PerDay…</c> and <c>Daily</c> (wire/code-assist.md §4), OpenAI RPD and TPD, Kiro <c>DAILY_REQUEST_COUNT</c>.</summary>
    Day,

    /// <summary>
    /// Longer than a day, or money: OpenAI <c>insufficient_quota</c> (wire/openai-chat.md §7), Anthropic spend limits and credit
    /// (wire/anthropic-messages.md §8), Kiro <c>MONTHLY_REQUEST_COUNT</c> (wire/kiro.md errors).
    /// </summary>
    Longer,
}
