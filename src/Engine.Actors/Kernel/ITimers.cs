namespace Engine.Actors.Kernel;

/// <summary>
/// Named timers of one actor instance, on the system's clock. A due timer's message is received ahead of the mailbox and never
/// finds it full; a periodic timer whose last message still waits skips. All are cancelled when the instance ends.
/// </summary>
public interface ITimers<TMessage>
{
    /// <summary>Sends <paramref name="message"/> to the actor once. Replaces the timer of the same name: its message does not come any more, even where it was due.</summary>
    /// <param name="name">The timer's name.</param>
    /// <param name="message">The message.</param>
    /// <param name="delay">0 to 49 days.</param>
    void StartSingle(string name, TMessage message, TimeSpan delay);

    /// <summary>Sends <paramref name="message"/> again and again, first after one <paramref name="interval"/>. Replaces as <see cref="StartSingle"/> does.</summary>
    /// <param name="name">The timer's name.</param>
    /// <param name="message">The message.</param>
    /// <param name="interval">1 ms to 49 days.</param>
    void StartPeriodic(string name, TMessage message, TimeSpan interval);

    /// <summary>No message of this timer comes after this, even where it was due.</summary>
    void Cancel(string name);

    /// <summary>Whether the timer has still to fire.</summary>
    bool IsActive(string name);
}
