using System.Text;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using Engine.Wire.Normalising.Schemas;

namespace Engine.Wire.Normalising;

/// <summary>
/// Cleans the schema of each tool and of the answer, never anything else of the request (wire/mapping.md §2.3). Needs the final names.
/// </summary>
internal static class ToolSchemas
{
    /// <summary>Cleans schemas, and adds the repair of arguments whose numbers became strings.</summary>
    public static CompletionRequest Apply(
        CompletionRequest request,
        TargetCapabilities target,
        LossLedger _,
        ICollection<Func<ICompletionSink, ICompletionSink>> repairs)
    {
        var flavour = target.Tools.Schema;
        var coercions = new List<KeyValuePair<byte[], ArgumentCoercion>>();
        var tools = request.Tools.Edit(tool =>
        {
            if (tool.HostedKind != HostedToolKind.None || tool.Hosted.IsPresent || tool.IsFreeform)
            {
                return tool;
            }

            var memory = new ArgumentCoercion();
            var schema = SchemaCleaner.CleanArguments(tool.Schema, flavour, memory);
            if (!memory.IsEmpty)
            {
                coercions.Add(new(Encoding.UTF8.GetBytes(tool.Name), memory));
            }

            return Same(schema, tool.Schema) ? tool : tool with { Schema = schema };
        });
        if (coercions.Count > 0)
        {
            var pairs = coercions.ToArray();
            repairs.Add(sink => new ArgumentCoercionSink(sink, pairs));
        }

        var answer = SchemaCleaner.CleanAnswer(request.Format.Schema, flavour);
        return request with
        {
            Tools = tools,
            Format = Same(answer, request.Format.Schema) ? request.Format : request.Format with { Schema = answer },
        };
    }

    private static bool Same(JsonSlice one, JsonSlice other) => one.Utf8.Equals(other.Utf8);
}
