using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// The form of the answer: guaranteed by the dialect, or else asked for in the system text, with a fence that the model may add
/// cut off again (wire/mapping.md §5.1, pitfall 91). Never dropped in silence. Needs the final tools.
/// </summary>
internal static class OutputFormats
{
    private const string BareObject = "Respond with one JSON object only, no prose, no fences.";
    private const string BareSchema = "Respond with JSON only, no prose, no fences. The JSON must match this JSON Schema:\n";

    private static readonly EscapedSlice DefaultName = EscapedSlice.FromString("response");

    /// <summary>Keeps, names or instructs the format, and adds the repair of the answer.</summary>
    public static CompletionRequest Apply(
        CompletionRequest request,
        TargetCapabilities target,
        LossLedger losses,
        ICollection<Func<ICompletionSink, ICompletionSink>> repairs)
    {
        var rules = target.Output;
        switch (request.Format.Kind)
        {
            case OutputFormatKind.JsonObject when IsNative(rules.JsonObject, request):
                return request;
            case OutputFormatKind.JsonObject:
                return Instruct(request, EscapedSlice.FromString(BareObject), OutputFormat.Text, losses, repairs);
            case OutputFormatKind.JsonSchema when IsNative(rules.JsonSchema, request):
                return request.Format.Name.IsEmpty ? request with { Format = request.Format with { Name = DefaultName } } : request;
            case OutputFormatKind.JsonSchema:
                var isObject = IsNative(rules.JsonObject, request) && DescribesObject(request.Format.Schema);
                var format = isObject ? new OutputFormat(OutputFormatKind.JsonObject) : OutputFormat.Text;
                return Instruct(request, Instruction(request.Format), format, losses, repairs);
            default:
                return request;
        }
    }

    private static bool IsNative(JsonOutput output, CompletionRequest request) =>
        output == JsonOutput.Native || (output == JsonOutput.NativeWithoutTools && request.Tools.Count == 0);

    private static CompletionRequest Instruct(
        CompletionRequest request,
        EscapedSlice text,
        OutputFormat format,
        LossLedger losses,
        ICollection<Func<ICompletionSink, ICompletionSink>> repairs)
    {
        losses.Add(LossPaths.ResponseFormat, LossRule.Emulated);
        repairs.Add(static sink => new FenceStrippingSink(sink));
        return request with { Format = format, System = [.. request.System, new TextPart(text)] };
    }

    private static EscapedSlice Instruction(OutputFormat format)
    {
        using var output = new PooledBytes();
        JsonStrings.Escape(Encoding.UTF8.GetBytes(format.Schema.IsPresent ? BareSchema : BareObject), output);
        JsonStrings.Escape(format.Schema.Utf8.Span, output);
        return EscapedSlice.FromContent(output.Span.ToArray());
    }

    private static bool DescribesObject(JsonSlice schema)
    {
        if (!schema.IsPresent)
        {
            return true;
        }

        var cursor = new JsonCursor(schema.Utf8.Span);
        if (cursor.EnterObject())
        {
            while (cursor.NextProperty())
            {
                if (cursor.NameIs("type"u8))
                {
                    return cursor.ReadText().TextEquals("object"u8);
                }

                cursor.SkipValue();
            }
        }

        return false;
    }
}
