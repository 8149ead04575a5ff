using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using static Engine.Wire.Completion.Request.ReasoningLevel;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// The models of the dialect as data (wire/openai-chat.md §8): OpenAI's by the longest prefix, compatible servers' by vendor. A
/// name with a slash is a router's, whose server is not OpenAI's.
/// </summary>
internal static class OpenAiChatModels
{
    private const int MaximumStops = 4;

    private static readonly ReasoningLevel[] NoLevels = [];
    private static readonly ReasoningLevel[] LowToHigh = [Low, Medium, High];
    private static readonly ReasoningLevel[] MinimalToHigh = [Minimal, Low, Medium, High];
    private static readonly ReasoningLevel[] LowToXHigh = [Low, Medium, High, XHigh];
    private static readonly ReasoningLevel[] LowToMax = [Low, Medium, High, XHigh, Max];

    private static readonly Gate[] OpenAi =
    [
        new("gpt-3.5", NoLevels, Samplers.Free),
        new("gpt-4", NoLevels, Samplers.Free),
        new("gpt-4o", NoLevels, Samplers.Free),
        new("gpt-4o-search-preview", NoLevels, Samplers.NoTemperature),
        new("gpt-4o-mini-search-preview", NoLevels, Samplers.NoTemperature),
        new("chatgpt-", NoLevels, Samplers.Free),
        new("o1", LowToHigh, Samplers.None),
        new("o3", LowToHigh, Samplers.None),
        new("o4", LowToHigh, Samplers.None),
        new("gpt-5", MinimalToHigh, Samplers.None),
        new("gpt-5.1", LowToHigh, Samplers.WithoutReasoning),
        new("gpt-5.2", LowToXHigh, Samplers.WithoutReasoning),
        new("gpt-5.3", LowToXHigh, Samplers.WithoutReasoning),
        new("gpt-5.4", LowToXHigh, Samplers.WithoutReasoning),
        new("gpt-5.5", LowToXHigh, Samplers.WithoutReasoning),
        new("gpt-5.", LowToMax, Samplers.WithoutReasoning),
        new("gpt-6-sol", LowToMax, Samplers.WithoutReasoning),
        new("gpt-6-luna", LowToMax, Samplers.WithoutReasoning),
        new("gpt-6.1-terra", LowToMax, Samplers.WithoutReasoning),
        new("gpt-6-astra", LowToXHigh, Samplers.None),
        new("gpt-6.1-sol", LowToXHigh, Samplers.None),

        // gpt-6.2 and whatever comes after it.
        new("gpt-", LowToXHigh, Samplers.None),
    ];

    private static readonly Vendor[] Vendors =
    [
        new("deepseek") { Form = OpenAiChatReasoningForm.Thinking, ReplaysReasoning = true, ForcedChoiceWithReasoning = false },
        new("kimi") { Form = OpenAiChatReasoningForm.Thinking, ReplaysReasoning = true },
        new("moonshot") { Form = OpenAiChatReasoningForm.Thinking, ReplaysReasoning = true },
        new("glm") { Form = OpenAiChatReasoningForm.Thinking, ReplaysReasoning = true },
        new("mimo") { Form = OpenAiChatReasoningForm.Thinking, ReplaysReasoning = true },
        new("qwen") { Form = OpenAiChatReasoningForm.EnableThinking, ForcedChoiceWithReasoning = false, CacheControl = true },
        new("qwq") { Form = OpenAiChatReasoningForm.EnableThinking, ForcedChoiceWithReasoning = false, CacheControl = true },
        new("gemini") { Family = SignatureFamily.Gemini },
        new("claude") { Family = SignatureFamily.Claude },
        new("mistral") { IdLength = 9 },
        new("ministral") { IdLength = 9 },
        new("magistral") { IdLength = 9 },
        new("devstral") { IdLength = 9 },
        new("codestral") { IdLength = 9 },
        new("pixtral") { IdLength = 9 },
    ];

    private static readonly string[] ImageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    private static readonly string[] AudioTypes = ["audio/wav", "audio/x-wav", "audio/wave", "audio/mpeg", "audio/mp3"];

    private enum Samplers
    {
        Free,
        NoTemperature,
        WithoutReasoning,
        None,
    }

    /// <summary>What is known of a model; an unknown one is a compatible server's.</summary>
    public static OpenAiChatModel Of(string model)
    {
        var bare = model[(model.LastIndexOf('/') + 1)..];
        bare = bare.StartsWith("ft:", StringComparison.Ordinal) ? bare[3..] : bare;
        return GateOf(bare) is { } gate ? OfGate(gate, isRouted: model.Contains('/', StringComparison.Ordinal)) : OfVendor(model, bare);
    }

    private static Gate? GateOf(string name)
    {
        if (name.StartsWith("gpt-oss", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var isGpt = name.StartsWith("gpt-", StringComparison.OrdinalIgnoreCase);
        if (isGpt && name.EndsWith("-chat-latest", StringComparison.OrdinalIgnoreCase))
        {
            return new Gate(name, NoLevels, Samplers.Free);
        }

        Gate? longest = null;
        foreach (var gate in OpenAi)
        {
            if (gate.Covers(name) && gate.Prefix.Length > (longest?.Prefix.Length ?? 0))
            {
                longest = gate;
            }
        }

        return longest;
    }

    private static OpenAiChatModel OfGate(Gate gate, bool isRouted)
    {
        var reasons = gate.Levels.Length > 0;
        return new OpenAiChatModel(
            new TargetCapabilities
            {
                Conversation = new ConversationRules
                {
                    MidSystem = isRouted ? MidConversationSystem.WrapAsUserText : MidConversationSystem.Keep,
                },
                Tools = new ToolRules
                {
                    MaxIdLength = 40,
                    AllowedSet = !isRouted,
                    ParallelSwitch = true,
                    Freeform = reasons && !isRouted,
                    HostedKinds = gate.Samplers == Samplers.NoTemperature ? [HostedToolKind.WebSearch] : [],
                },
                Media = Media(),
                Reasoning = new ReasoningRules
                {
                    Control = reasons ? ReasoningControl.Level : ReasoningControl.None,
                    Levels = gate.Levels,
                    CanTurnOff = gate.Samplers == Samplers.WithoutReasoning || !reasons,
                    OnByDefault = reasons,
                    Family = isRouted && reasons ? SignatureFamily.Gpt : SignatureFamily.Unknown,
                },
                Sampling = new SamplingRules
                {
                    TemperatureAndTopP = gate.Samplers is Samplers.Free or Samplers.WithoutReasoning,
                    OnlyWithoutReasoning = gate.Samplers == Samplers.WithoutReasoning,
                    Penalties = !reasons,
                    Seed = true,
                    BlankStopSequences = true,
                    MaxStopSequences = reasons ? 0 : MaximumStops,
                    MaxCandidates = 128,
                },
                Output = new OutputRules(),
            },
            IsOpenAi: !isRouted)
        {
            DeveloperRole = reasons && !isRouted,
            KeepsCacheControl = isRouted,
            TakesReasoningDetails = isRouted,
        };
    }

    private static OpenAiChatModel OfVendor(string model, string bare)
    {
        var vendor = Array.Find(Vendors, vendor => bare.StartsWith(vendor.Prefix, StringComparison.OrdinalIgnoreCase)) ?? new Vendor("");
        var isRouted = model.Contains('/', StringComparison.Ordinal);
        var form = isRouted ? OpenAiChatReasoningForm.Effort : vendor.Form;
        return new OpenAiChatModel(
            new TargetCapabilities
            {
                Conversation = new ConversationRules { MidSystem = MidConversationSystem.WrapAsUserText },
                Tools = new ToolRules
                {
                    MaxIdLength = vendor.IdLength,
                    ParallelSwitch = true,
                    ForcedChoiceWithReasoning = vendor.ForcedChoiceWithReasoning,
                },
                Media = Media(),
                Reasoning = new ReasoningRules
                {
                    Control = form == OpenAiChatReasoningForm.EnableThinking ? ReasoningControl.Budget : ReasoningControl.Level,
                    Levels = form == OpenAiChatReasoningForm.Thinking ? [High] : LowToHigh,
                    MinBudget = 1,
                    Family = vendor.Family,
                    OnByDefault = vendor.ReplaysReasoning,
                    ReplaysPlainText = vendor.ReplaysReasoning,
                },
                Sampling = new SamplingRules
                {
                    TopK = true,
                    Penalties = true,
                    Seed = true,
                    BlankStopSequences = true,
                    MaxStopSequences = MaximumStops,
                    MaxCandidates = 128,
                },
                Output = new OutputRules(),
            },
            IsOpenAi: false)
        {
            ReasoningForm = form,
            KeepsCacheControl = isRouted || vendor.CacheControl,
            TakesReasoningDetails = isRouted,
        };
    }

    private static MediaRules Media() => new() { ImageTypes = ImageTypes, ImageUrls = true, Pdf = true, AudioTypes = AudioTypes };

    private sealed record Gate(string Prefix, ReasoningLevel[] Levels, Samplers Samplers)
    {
        // "o1" covers o1 and o1-mini, not o10; a prefix that ends in a separator covers what follows it.
        public bool Covers(string name) =>
            name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && (name.Length == Prefix.Length
                || !char.IsAsciiLetterOrDigit(Prefix[^1])
                || !char.IsAsciiLetterOrDigit(name[Prefix.Length]));
    }

    private sealed record Vendor(string Prefix)
    {
        public OpenAiChatReasoningForm Form { get; init; }

        public bool ReplaysReasoning { get; init; }

        public bool ForcedChoiceWithReasoning { get; init; } = true;

        public bool CacheControl { get; init; }

        public SignatureFamily Family { get; init; }

        public int IdLength { get; init; } = 40;
    }
}
