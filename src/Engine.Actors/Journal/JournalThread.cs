using System.Threading.Channels;

namespace Engine.Actors.Journal;

/// <summary>
/// A thread of its own for calls that block on a disk, fed by a bounded queue: who finds it full waits asynchronously, in the
/// order of arrival. The thread takes everything that waits at once; that is what makes commits shared.
/// </summary>
internal sealed class JournalThread<TWork>
{
    private readonly Channel<TWork> _queue;
    private readonly Action<List<TWork>> _process;
    private readonly Action _end;
    private readonly int _most;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _gate = new();

    // Guarded by _gate.
    private bool _isWoken;

    /// <param name="process">Gets what waits, at most <paramref name="most"/>, also an empty list after <see cref="Wake"/>. Must not throw.</param>
    /// <param name="end">Runs last on the thread, when the queue is closed and empty. Must not throw.</param>
    internal JournalThread(string name, int capacity, int most, Action<List<TWork>> process, Action end)
    {
        _queue = Channel.CreateBounded<TWork>(new BoundedChannelOptions(capacity) { SingleReader = true });
        (_process, _end, _most) = (process, end, most);
        new Thread(Run) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Returns when the queue has taken the work.</summary>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    internal async ValueTask EnqueueAsync(TWork work, CancellationToken cancellation = default)
    {
        try
        {
            if (!_queue.Writer.TryWrite(work))
            {
                await _queue.Writer.WriteAsync(work, cancellation);
            }
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The journal is closed.", e);
        }

        Wake();
    }

    internal void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes no more work; completes when the thread has done what waits and has ended.</summary>
    internal Task CloseAsync()
    {
        _queue.Writer.TryComplete();
        Wake();
        return _ended.Task;
    }

    private void Run()
    {
        var batch = new List<TWork>();
        do
        {
            Await();
            do
            {
                batch.Clear();
                while (batch.Count < _most && _queue.Reader.TryRead(out var work))
                {
                    batch.Add(work);
                }

                _process(batch);
            }
            while (batch.Count > 0);
        }
        while (!_queue.Reader.Completion.IsCompleted);

        _end();
        _ended.SetResult();
    }

    private void Await()
    {
        lock (_gate)
        {
            while (!_isWoken)
            {
                Monitor.Wait(_gate);
            }

            _isWoken = false;
        }
    }
}
