using Engine.Actors.Journal;

namespace Engine.Actors.Tests.Journal;

public sealed class MemoryJournalTests : JournalSpec
{
    protected override ValueTask<IJournal> OpenAsync() => ValueTask.FromResult<IJournal>(new MemoryJournal(Time));
}
