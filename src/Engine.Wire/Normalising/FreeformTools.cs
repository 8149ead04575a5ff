using System.Buffers;
using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Normalising;

/// <summary>
/// Freeform tools become functions with one string, <c>input</c>, where the target has only functions; calls in history likewise,
/// and calls of the answer are turned back (wire/mapping.md §2.8, pitfall 55).
/// </summary>
internal static class FreeformTools
{
    private static readonly JsonSlice InputSchema = JsonSlice.FromString("""{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}""");

    /// <summary>Converts definitions and history, and adds the repair of the answer.</summary>
    public static CompletionRequest Apply(
        CompletionRequest request, TargetCapabilities target, LossLedger losses, ICollection<Func<ICompletionSink, ICompletionSink>> repairs)
    {
        if (target.Tools.Freeform || !request.Tools.Any(static tool => tool.IsFreeform))
        {
            return request;
        }

        var names = NamesOf(request);
        var tools = names.Select(Encoding.UTF8.GetBytes).ToArray();
        repairs.Add(sink => new FreeformInputSink(sink, tools));
        return request.EditTurns(turn => turn.EditParts(part => part is ToolCallPart call && names.Contains(call.Name) ? Wrapped(call) : part)) with
        {
            Tools = request.Tools.Edit(tool => tool.IsFreeform ? AsFunction(tool, losses) : tool),
        };
    }

    /// <summary>The names of all freeform tools.</summary>
    public static IReadOnlySet<string> NamesOf(CompletionRequest request) =>
        request.Tools.Where(static tool => tool.IsFreeform).Select(static tool => tool.Name).ToHashSet(StringComparer.Ordinal);

    private static ToolDefinition AsFunction(ToolDefinition tool, LossLedger losses)
    {
        losses.Add(tool.LossPath(), LossRule.Emulated);
        var description = tool.Grammar.IsEmpty
            ? tool.Description
            : SliceText.Joined(
                [.. tool.Description.IsEmpty ? [] : new[] { tool.Description }, EscapedSlice.FromString("The input must follow this grammar:"), tool.Grammar], "\n");
        return tool with { IsFreeform = false, Grammar = default, Schema = InputSchema, Description = description };
    }

    private static ToolCallPart Wrapped(ToolCallPart call)
    {
        if (call.Arguments.Object.IsPresent)
        {
            return call;
        }

        var output = new ArrayBufferWriter<byte>();
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.Text("input"u8, call.Arguments.Text);
        emitter.ObjectEnd();
        return call with { Arguments = ToolArguments.FromObject(JsonSlice.FromUtf8(output.WrittenMemory)) };
    }
}
