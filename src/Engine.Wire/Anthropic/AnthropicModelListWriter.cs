using System.Buffers;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Anthropic;

/// <summary>Writes models and their list (wire/anthropic-messages.md §9); always one page.</summary>
internal static class AnthropicModelListWriter
{
    /// <summary>Writes the list.</summary>
    public static void Write(IReadOnlyList<ModelEntry> models, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.ArrayStart("data"u8);
        foreach (var model in models)
        {
            Write(emitter, model);
        }

        emitter.ArrayEnd();
        emitter.Boolean("has_more"u8, value: false);
        WriteId(emitter, "first_id"u8, models.Count > 0 ? models[0] : null);
        WriteId(emitter, "last_id"u8, models.Count > 0 ? models[^1] : null);
        emitter.ObjectEnd();
    }

    /// <summary>Writes one model.</summary>
    public static void Write(ModelEntry model, IBufferWriter<byte> output) => Write(new JsonEmitter(output), model);

    private static void Write(JsonEmitter emitter, ModelEntry model)
    {
        emitter.ObjectStart();
        emitter.Literal("type"u8, "model"u8);
        emitter.Text("id"u8, model.Id);
        emitter.Text("display_name"u8, model.Id);
        emitter.Text("created_at"u8, AnthropicTimestamps.Format(model.CreatedUnixSeconds));
        emitter.ObjectEnd();
    }

    private static void WriteId(JsonEmitter emitter, ReadOnlySpan<byte> name, ModelEntry? model)
    {
        if (model is null)
        {
            emitter.Null(name);
        }
        else
        {
            emitter.Text(name, model.Id);
        }
    }
}
