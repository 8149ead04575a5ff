namespace Engine.Actors.Journal;

/// <summary>
/// A journal that cannot be opened or read. The message is for an operator: it says what is wrong and what to do. The journal's
/// file has not been changed.
/// </summary>
public sealed class JournalUnusableException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public JournalUnusableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
