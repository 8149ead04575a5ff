using Engine.Host.Routing;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using Engine.Wire.Normalising;

namespace Engine.Host.Exchange;

/// <summary>
/// Prepares attempts from one client request. In the same dialect the body goes on as it came, the model's name spliced where an
/// alias says so; else it is read once, and normalised and written anew for each target.
/// </summary>
internal sealed class AttemptWriter
{
    private readonly ExchangeRequest _request;
    private readonly RequestHead _head;
    private CompletionRequest? _tree;
    private HeldSignatures? _signatures;

    public AttemptWriter(ExchangeRequest request, RequestHead head)
    {
        _request = request;
        _head = head;
    }

    /// <summary>The losses of the attempt prepared last.</summary>
    public LossLedger Losses { get; private set; } = new();

    /// <summary>What of the reasoning the client wants to see; known once a tree was read.</summary>
    public ReasoningShow Show => _tree?.Reasoning.Show ?? ReasoningShow.Default;

    /// <summary>The client's request as a tree, read on first use.</summary>
    /// <exception cref="RequestRejectedException">A field is malformed.</exception>
    public CompletionRequest Tree => _tree ??= _request.Dialect.ReadRequest(_request.Client, _request.Operation);

    /// <summary>Prepares a call to an account.</summary>
    /// <exception cref="RequestRejectedException">The request cannot be read, or holds what this target must not lose.</exception>
    public Attempt Prepare(LeasedAccount lease)
    {
        Losses = new LossLedger();
        var dialect = lease.Target.Upstream.DialectFor(_request.Dialect);
        return dialect.Name == _request.Dialect.Name && MaySplice(lease.Target.Model) && MayPassSignatures(lease)
            ? new Attempt(lease, dialect, PassOn(dialect, lease.Target.Model), null)
            : Translate(dialect, lease);
    }

    // Blobs of another family in a carrier no upstream takes; blobs of another account family this one would reject.
    private bool MayPassSignatures(LeasedAccount lease)
    {
        _signatures ??= RequestSignatures.Find(_request.Dialect, _request.Client.Body.Span);
        return _signatures == HeldSignatures.None || (_signatures == HeldSignatures.Own && !lease.FamilyChanged);
    }

    // Gemini's count requests may name the model once more inside the body, where the head does not point.
    private bool MaySplice(string model) => _request.Operation == Operation.Generate || _head.ModelStart >= 0 || model == _head.Model;

    private WrittenRequest PassOn(IUpstreamDialect dialect, string model)
    {
        var path = dialect.PathOf(_request.Operation, model, _head.Stream, _request.Client.StreamAsJsonArray);
        var body = _request.Client.Body;
        var rope = _head.ModelStart < 0 || model == _head.Model
            ? BodyRope.Of(body)
            : BodyRope.Splice(body, _head.ModelStart, _head.ModelLength, Quoted(model));
        return new WrittenRequest(path, rope);
    }

    private static TargetCapabilities CapabilitiesOf(IUpstreamDialect dialect, LeasedAccount lease)
    {
        var capabilities = dialect.CapabilitiesOf(lease.Target.Model);
        return lease.FamilyChanged ? capabilities.WithoutSignatures() : capabilities;
    }

    private Attempt Translate(IUpstreamDialect dialect, LeasedAccount lease)
    {
        var model = lease.Target.Model;
        var normalised = Normaliser.Apply(Tree, CapabilitiesOf(dialect, lease), model, Losses);
        ThrowIfRefused();
        var written = dialect.WriteRequest(normalised.Request, model, _request.Operation, Losses);
        try
        {
            ThrowIfRefused();
        }
        catch (RequestRejectedException)
        {
            written.Dispose();
            throw;
        }

        return new Attempt(lease, dialect, written, normalised);
    }

    private void ThrowIfRefused()
    {
        if (Losses.FirstRefusal(_request.Strict) is { } loss)
        {
            var why = loss.Why.Length > 0 ? loss.Why : "The model that serves this request cannot express it.";
            throw new RequestRejectedException(ErrorKind.UnsupportedParameter, loss.Path, $"'{loss.Path}' cannot be carried over. {why}");
        }
    }

    private static byte[] Quoted(string model) => [(byte)'"', .. JsonStrings.Escape(model), (byte)'"'];
}
