namespace Engine.Actors.Rotation;

/// <summary>
/// Hands out the lanes of one model name. Lock-free: a request reads what the accounts' actors have published and takes what it
/// needs by interlocked operations. What a pool itself remembers is one word, the cursor; tables come and go with the config.
/// </summary>
public sealed class AccountPool
{
    private readonly TimeProvider _time;
    private readonly AffinityTable _affinity;
    private readonly UInt128 _seed;
    private long _cursor;
    private int _waiting;

    /// <summary>Makes a pool.</summary>
    /// <param name="name">The model name that clients use; the name of the pool's history in the journal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="affinity">Where conversations are; shared between pools.</param>
    public AccountPool(string name, TimeProvider time, AffinityTable affinity)
    {
        Name = name;
        _time = time;
        _affinity = affinity;
        _seed = SessionKey.Of(name);
    }

    /// <summary>The model name that clients use.</summary>
    public string Name { get; }

    /// <summary>Requests that wait for one of its lanes.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Where the pool stands.</summary>
    public Cursor Cursor => Cursor.Unpack(Volatile.Read(ref _cursor));

    /// <summary>Goes back to the account it was on, after a restart. Nothing happens when the table does not have it any more.</summary>
    public void Restore(RotationTable table, string upstream, string account)
    {
        for (var position = 0; position < table.Order.Length; position++)
        {
            var id = table.Lanes[table.Order[position]].Account.Id;
            if (id.Upstream == upstream && id.Account == account)
            {
                Volatile.Write(ref _cursor, new Cursor(position, 0).Packed);
                return;
            }
        }
    }

    /// <summary>Leases a lane, or says why not and until when.</summary>
    /// <param name="table">The request's table.</param>
    /// <param name="request">Who asks and what for.</param>
    public LeaseResult TryLease(RotationTable table, in LeaseRequest request)
    {
        var now = _time.GetUtcNow().UtcTicks;
        if (Waiting == 0)
        {
            return TryLease(table, request, now);
        }

        request.Trace?.BeginRound(now, table.Selector.Name);
        return new LeaseResult(LeaseAnswer.WaitUntil, default, now, PassedOver.OthersWait, FamilyChanged: false, null);
    }

    /// <summary>The same for a request whose turn in the queue it is.</summary>
    internal LeaseResult TryLease(RotationTable table, in LeaseRequest request, long now)
    {
        request.Trace?.BeginRound(now, table.Selector.Name);
        if (table.Lanes.IsEmpty)
        {
            return new LeaseResult(LeaseAnswer.NobodyCan, default, 0, PassedOver.No, FamilyChanged: false, null);
        }

        var walk = new Walk(table, request, now);
        string? family = null;
        var session = request.Session == 0 ? 0 : request.Session ^ _seed;
        if (session != 0 && _affinity.Find(session, now, out family) is { } home && table.IndexOf(home) >= 0 && walk.TryHome(home))
        {
            return walk.Leased(familyChanged: false, null);
        }

        var (turn, before) = Claim(table);
        var found = walk.Run(turn.Start, family, isThat: true);
        var changed = !found && family is not null && walk.Run(turn.Start, family, isThat: false);
        if (!found && !changed)
        {
            // Asking in vain is nobody's turn.
            Interlocked.CompareExchange(ref _cursor, before.Packed, turn.Next.Packed);
            return walk.Refused();
        }

        if (session != 0)
        {
            _affinity.Bind(session, walk.Taken, table.Families[table.IndexOf(walk.Taken)], now);
        }

        return walk.Leased(changed, Moved(table, turn, before, walk.Position, walk.FirstReason));
    }

    /// <summary>What <see cref="TryLease(RotationTable, in LeaseRequest)"/> would say, without taking anything: now, for no reason, when a lane can serve.</summary>
    internal static LeaseResult Survey(RotationTable table, in LeaseRequest request, long now) => new Walk(table, request, now).Survey();

    internal void BeginWait() => Interlocked.Increment(ref _waiting);

    internal void EndWait() => Interlocked.Decrement(ref _waiting);

    private (Turn Turn, Cursor Before) Claim(RotationTable table)
    {
        while (true)
        {
            var packed = Volatile.Read(ref _cursor);
            var before = Cursor.Unpack(packed);
            var turn = table.Selector.Claim(before, table.Order.Length);
            var next = turn.Next.Packed;
            if (next == packed || Interlocked.CompareExchange(ref _cursor, next, packed) == packed)
            {
                return (turn, before);
            }
        }
    }

    // Only strategies that stay on an account have moves worth telling.
    private RotationMove? Moved(RotationTable table, Turn turn, Cursor before, int position, PassedOver why)
    {
        if (!table.Selector.StaysPut)
        {
            return null;
        }

        var length = table.Order.Length;
        var from = table.Lanes[table.Order[before.Position % length]].Account;
        if (position == turn.Start)
        {
            return turn.Start == before.Position % length ? null : Move(from, table.Lanes[table.Order[position]].Account, "request_count");
        }

        var moved = table.Selector.Move(turn.Next, position, why);
        return moved != turn.Next && Interlocked.CompareExchange(ref _cursor, moved.Packed, turn.Next.Packed) == turn.Next.Packed
            ? Move(from, table.Lanes[table.Order[position]].Account, why.Word())
            : null;
    }

    private static RotationMove? Move(AccountSlot from, AccountSlot to, string why) => from == to ? null : new RotationMove(from, to, why);
}
