using Engine.Actors.Retries;

namespace Engine.Host.Accounts;

/// <summary>What an attempt showed beside the words of its answer.</summary>
/// <param name="Limits">What the response headers say about limits.</param>
/// <param name="IsWebPage">True when something between the engine and the API has answered.</param>
/// <param name="Unreachable">True when no connection was made, or it broke before an answer.</param>
internal readonly record struct AnswerSigns(RateLimitSignals Limits, bool IsWebPage, bool Unreachable);
