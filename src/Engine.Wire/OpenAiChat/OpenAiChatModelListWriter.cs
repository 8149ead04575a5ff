using System.Buffers;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>Writes the list of models, and one model (wire/openai-chat.md §9).</summary>
public static class OpenAiChatModelListWriter
{
    /// <summary>Writes the whole list; the dialect has no paging.</summary>
    public static void WriteList(IReadOnlyList<ModelEntry> models, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.Literal("object"u8, "list"u8);
        emitter.ArrayStart("data"u8);
        foreach (var model in models)
        {
            Write(emitter, model);
        }

        emitter.ArrayEnd();
        emitter.ObjectEnd();
    }

    /// <summary>Writes one model.</summary>
    public static void WriteOne(ModelEntry model, IBufferWriter<byte> output) => Write(new JsonEmitter(output), model);

    private static void Write(JsonEmitter emitter, ModelEntry model)
    {
        emitter.ObjectStart();
        emitter.Text("id"u8, model.Id);
        emitter.Literal("object"u8, "model"u8);
        emitter.Number("created"u8, model.CreatedUnixSeconds);
        emitter.Text("owned_by"u8, model.OwnedBy);
        emitter.ObjectEnd();
    }
}
