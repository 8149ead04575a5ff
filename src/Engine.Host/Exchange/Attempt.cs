using System.Collections.Frozen;
using Engine.Host.Routing;
using Engine.Wire.Completion;
using Engine.Wire.Dialects;
using Engine.Wire.Normalising;

namespace Engine.Host.Exchange;

/// <summary>One call to one account, as prepared: what goes out and how the answer comes back.</summary>
/// <param name="Lease">The account and model.</param>
/// <param name="Dialect">The upstream's dialect.</param>
/// <param name="Written">Path and body.</param>
/// <param name="Repair">What the answer needs on its way back; null in the same dialect, where bytes pass untouched.</param>
internal sealed record Attempt(LeasedAccount Lease, IUpstreamDialect Dialect, WrittenRequest Written, Normalised? Repair) : IDisposable
{
    /// <summary>True when client and upstream share the dialect.</summary>
    public bool PassThrough => Repair is null;

    /// <summary>The client's freeform tools, whose calls its writer turns back into freeform ones.</summary>
    public IReadOnlySet<string> FreeformTools => Repair?.FreeformTools ?? FrozenSet<string>.Empty;

    /// <summary>The client's sink behind the repairs of this attempt.</summary>
    public ICompletionSink Repaired(ICompletionSink client) => Repair?.Repair(client) ?? client;

    public void Dispose() => Written.Dispose();
}
