namespace Engine.Wire.Completion;

/// <summary>
/// Names one content block of an answer. Readers number blocks as they appear; one key never changes its kind, and a kind that
/// resumes after another block gets a new key.
/// </summary>
/// <param name="Ordinal">0, 1, 2 … within the answer, over all kinds.</param>
/// <param name="Candidate">Index of the answer when several were asked for (OpenAI <c>n</c>, Gemini <c>candidateCount</c>), else 0.</param>
public readonly record struct BlockKey(int Ordinal, int Candidate = 0);
