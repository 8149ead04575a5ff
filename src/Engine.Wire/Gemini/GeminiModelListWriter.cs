using System.Buffers;
using Engine.Wire.Dialects;
using Engine.Wire.Json;

namespace Engine.Wire.Gemini;

/// <summary>Writes models (wire/gemini.md §8). Limits are left out: the engine does not know them.</summary>
internal static class GeminiModelListWriter
{
    /// <summary>Writes the list.</summary>
    public static void Write(IReadOnlyList<ModelEntry> models, IBufferWriter<byte> output)
    {
        var emitter = new JsonEmitter(output);
        emitter.ObjectStart();
        emitter.ArrayStart("models"u8);
        foreach (var model in models)
        {
            Write(model, emitter);
        }

        emitter.ArrayEnd();
        emitter.ObjectEnd();
    }

    /// <summary>Writes one model.</summary>
    public static void Write(ModelEntry model, JsonEmitter emitter)
    {
        emitter.ObjectStart();
        emitter.Name("name"u8);
        emitter.TextStart();
        emitter.TextPiece("models/");
        emitter.TextPiece(model.Id);
        emitter.TextEnd();
        emitter.Text("displayName"u8, model.Id);
        emitter.Text("description"u8, $"Served by {model.OwnedBy}.");
        emitter.ArrayStart("supportedGenerationMethods"u8);
        emitter.Literal("generateContent"u8);
        emitter.Literal("countTokens"u8);
        emitter.ArrayEnd();
        emitter.ObjectEnd();
    }
}
