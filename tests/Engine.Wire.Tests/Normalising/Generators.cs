using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using FsCheck;
using FsCheck.Fluent;
using static Engine.Wire.Tests.Normalising.Trees;

namespace Engine.Wire.Tests.Normalising;

/// <summary>Any conversation, well formed or not, and any set of capabilities.</summary>
internal static class Generators
{
    private static readonly string[] Texts = ["", " ", "\n", "hello", "say \"json\"", "tail \n", "日本"];
    private static readonly string[] Ids = ["", "a", "b", "call_0", "functions.f:0", "toolu_01", new('x', 70), "ünicode"];
    private static readonly string[] Names = ["f", "g", "mcp.server/tool", "1st", "a b", "a.b", "a_b", new('n', 90), "ünï", "_x"];

    public static Gen<Part> Leaf => Gen.OneOf(
        Gen.Elements(Texts).Select(text => (Part)Text(text)),
        Gen.Elements(Texts).Select(text => (Part)(Text(text) with { CacheControl = JsonSlice.FromString("{}") })),
        Gen.Elements(Png, Jpeg, "not base64!", Png.TrimEnd('=')).Select(data => (Part)Image(data)),
        Gen.Constant((Part)ImageAt("https://example.org/a.png")),
        Gen.Elements("text/plain", "application/pdf").Select(type => (Part)new DocumentPart(new MediaSource.Inline(type, EscapedSlice.FromString(Pdf)))),
        Gen.Elements(Texts).Select(text => (Part)new DocumentPart(new MediaSource.PlainText(EscapedSlice.FromString(text))) { Name = EscapedSlice.FromString("n") }),
        Gen.Constant((Part)new AudioPart(new MediaSource.Inline("audio/wav", EscapedSlice.FromString("UklGRiQAAABXQVZF")))),
        Gen.Elements("", "sub").Select(text => (Part)new OpaquePart("messages[9].content[1]", JsonSlice.FromString("{}"), LossRule.Emulated, EscapedSlice.FromString(text))));

    public static Gen<Part> Call =>
        from id in Gen.Elements(Ids)
        from name in Gen.Elements(Names)
        from signature in Signature
        select (Part)(Trees.Call(id, name) with { Signature = signature });

    public static Gen<Part> Result =>
        from id in Gen.Elements(Ids)
        from name in Gen.Elements([.. Names, "", "", ""])
        from content in Leaf.ListOf(2)
        from isError in Gen.Elements(true, false)
        select (Part)new ToolResultPart(id, name, [.. content], isError);

    public static Gen<Part> Reasoning => Gen.OneOf(
        from text in Gen.Elements(Texts) from signature in Signature select (Part)new ReasoningPart(EscapedSlice.FromString(text), signature),
        from family in Family select (Part)new RedactedReasoningPart(new ReasoningSignature(family, EscapedSlice.FromString("blob"))));

    public static Gen<Turn> AnyTurn => Gen.Frequency(
        (4, from parts in Some(Gen.Frequency((3, Leaf), (2, Result))) select User(parts)),
        (4, from parts in Some(Gen.Frequency((2, Leaf), (3, Call), (1, Reasoning))) select Assistant(parts)),
        (1, Gen.Elements(Texts).Select(SystemTurn)));

    public static Gen<CompletionRequest> Conversation =>
        from count in Gen.Choose(0, 8)
        from turns in AnyTurn.ListOf(count)
        from system in Gen.Elements(Texts).ListOf(2)
        from systems in Gen.Choose(0, 2)
        from tools in Tool.ListOf(3)
        from toolCount in Gen.Choose(0, 3)
        from choice in Choice
        from reasoning in Ask
        from parallel in Gen.Elements<bool?>(null, true, false)
        from maximum in Gen.Elements<long?>(null, 0, 500, 5000, 1_000_000)
        from sampling in Samplings
        from stops in Gen.Elements("", " ", "END", "\n\n", "stop", "日").ListOf(6)
        from stopCount in Gen.Choose(0, 6)
        from candidates in Gen.Elements(1, 1, 1, 0, 3, 200)
        from format in Format
        select Request([.. turns]) with
        {
            System = [.. system.Take(systems).Select(Text)],
            Tools = [.. tools.Take(toolCount)],
            ToolChoice = choice,
            Reasoning = reasoning,
            ParallelToolCalls = parallel,
            MaxOutputTokens = maximum,
            Sampling = sampling,
            StopSequences = [.. stops.Take(stopCount).Select(EscapedSlice.FromString)],
            Candidates = candidates,
            Format = format,
            Foreign = [new ForeignField("logit_bias", JsonSlice.FromString("{}"), LossRule.Dropped)],
        };

    public static Gen<TargetCapabilities> Capabilities =>
        from conversation in Conversations
        from tools in Tooling
        from media in Medias
        from reasoning in Reasonings
        from sampling in SamplingGate
        from jsonObject in Json
        from jsonSchema in Json
        select new TargetCapabilities
        {
            Conversation = conversation,
            Tools = tools,
            Media = media,
            Reasoning = reasoning,
            Sampling = sampling,
            Output = new OutputRules { JsonObject = jsonObject, JsonSchema = jsonSchema },
        };

    private static Gen<bool> Bool => Gen.Elements(true, false);

    private static Gen<JsonOutput> Json => Gen.Elements(Enum.GetValues<JsonOutput>());

    private static Gen<SignatureFamily> Family => Gen.Elements(Enum.GetValues<SignatureFamily>());

    private static Gen<ReasoningSignature?> Signature => Gen.Frequency(
        (2, Gen.Constant<ReasoningSignature?>(null)),
        (1, from family in Family from blob in Gen.Elements("", "blob") from model in Gen.Elements("", "target-9", "gpt-5") select (ReasoningSignature?)new ReasoningSignature(family, EscapedSlice.FromString(blob)) { Model = model }));

    private static Gen<ToolDefinition> Tool =>
        from name in Gen.Elements(Names)
        from schema in SchemaGenerator.Root
        from kind in Gen.Elements(HostedToolKind.None, HostedToolKind.None, HostedToolKind.None, HostedToolKind.WebSearch)
        from freeform in Gen.Elements(false, false, false, true)
        select kind == HostedToolKind.None
            ? Trees.Tool(name, schema) with { IsFreeform = freeform }
            : new ToolDefinition("web_search") { HostedKind = kind, Hosted = JsonSlice.FromString("{}"), HostedRule = LossRule.Reported };

    private static Gen<ToolChoice> Choice => Gen.OneOf(
        Gen.Elements(Enum.GetValues<ToolChoiceMode>()).Where(mode => mode != ToolChoiceMode.Tool).Select(ToolChoice.Of),
        Gen.Elements(Names).Select(ToolChoice.Only),
        from mode in Gen.Elements(ToolChoiceMode.Auto, ToolChoiceMode.Required) from names in Gen.Elements(Names).ListOf(2) select new ToolChoice(mode, "", [.. names]));

    private static Gen<ReasoningAsk> Ask => Gen.OneOf(
        Gen.Elements(ReasoningAsk.Default, ReasoningAsk.OfBudget(-1), ReasoningAsk.OfBudget(0)),
        Gen.Elements(Enum.GetValues<ReasoningLevel>()).Select(level => ReasoningAsk.OfLevel(level)),
        Gen.Elements(100L, 1024, 5000, 500_000).Select(budget => ReasoningAsk.OfBudget(budget, ReasoningShow.Shown)));

    private static Gen<Sampling> Samplings =>
        from temperature in Gen.Elements<double?>(null, 0, 1, 1.7)
        from topP in Gen.Elements<double?>(null, 0.5, 0.97)
        from topK in Gen.Elements<long?>(null, 40)
        from penalty in Gen.Elements<double?>(null, 0.5)
        from seed in Gen.Elements<long?>(null, 7)
        select new Sampling { Temperature = temperature, TopP = topP, TopK = topK, PresencePenalty = penalty, FrequencyPenalty = penalty, Seed = seed };

    private static Gen<OutputFormat> Format => Gen.OneOf(
        Gen.Elements(OutputFormat.Text, new OutputFormat(OutputFormatKind.JsonObject)),
        SchemaGenerator.Root.Select(schema => new OutputFormat(OutputFormatKind.JsonSchema) { Schema = JsonSlice.FromString(schema) }));

    private static Gen<ConversationRules> Conversations =>
        from mid in Gen.Elements(Enum.GetValues<MidConversationSystem>())
        from prefill in Gen.Elements(Enum.GetValues<AssistantPrefill>())
        from prompt in Bool
        from first in Bool
        from merge in Bool
        from alone in Bool
        from blank in Bool
        select new ConversationRules
        {
            MidSystem = mid,
            Prefill = prefill,
            SystemPrompt = prompt,
            FirstTurnIsUser = first,
            MergeNeighbours = merge,
            ResultsStandAlone = alone,
            DropEmptyText = blank,
        };

    private static Gen<ToolRules> Tooling =>
        from nameLength in Gen.Elements(20, 64, 128)
        from extra in Gen.Elements("-", "-.", "")
        from letter in Bool
        from idLength in Gen.Elements(0, 9, 40, int.MaxValue)
        from unique in Bool
        from needName in Bool
        from flavour in Gen.Elements(Enum.GetValues<SchemaFlavour>())
        from switches in Bool.ListOf(8)
        select new ToolRules
        {
            MaxNameLength = nameLength,
            ExtraNameCharacters = extra,
            NameStartsWithLetter = letter,
            MaxIdLength = idLength,
            UniqueIds = unique,
            ResultsNeedName = needName,
            Schema = flavour,
            ForcedChoice = switches[0],
            ForcedChoiceWithReasoning = switches[1],
            AllowedSet = switches[2],
            ParallelSwitch = switches[3],
            HistoryNeedsTools = switches[4],
            MediaInResults = switches[5],
            Freeform = switches[6],
            HostedKinds = switches[7] ? [HostedToolKind.WebSearch] : [],
            HostedBesideFunctions = switches[0],
        };

    private static Gen<MediaRules> Medias =>
        from switches in Bool.ListOf(7)
        select new MediaRules
        {
            ImageTypes = switches[0] ? ["image/png", "image/jpeg"] : switches[1] ? ["image/png"] : [],
            ImageUrls = switches[2],
            Pdf = switches[3],
            TextDocuments = switches[4],
            AudioTypes = switches[5] ? ["audio/wav"] : [],
            AssistantImages = switches[6],
        };

    private static Gen<ReasoningRules> Reasonings =>
        from control in Gen.Elements(Enum.GetValues<ReasoningControl>())
        from levels in Gen.Elements([], [ReasoningLevel.Low, ReasoningLevel.High], new[] { ReasoningLevel.Minimal, ReasoningLevel.Medium, ReasoningLevel.Max })
        from minimum in Gen.Elements(0L, 128, 1024)
        from maximum in Gen.Elements(24_576L, long.MaxValue)
        from family in Family
        from switches in Bool.ListOf(5)
        select new ReasoningRules
        {
            Control = control,
            Levels = levels,
            MinBudget = minimum,
            MaxBudget = maximum,
            Family = family,
            BudgetBelowMaxOutput = switches[0],
            CanTurnOff = switches[1] || switches[3],
            OnByDefault = switches[2],
            OpenLoopNeedsReasoning = switches[3],
            ReplaysPlainText = switches[4],
        };

    private static Gen<SamplingRules> SamplingGate =>
        from switches in Bool.ListOf(8)
        from maximum in Gen.Elements(1.0, 2.0)
        from stops in Gen.Elements(0, 2, 5, int.MaxValue)
        from candidates in Gen.Elements(1, 8)
        from usual in Gen.Elements<long?>(null, 32_000)
        from limit in Gen.Elements<long?>(null, 8192, 64_000)
        select new SamplingRules
        {
            TemperatureAndTopP = switches[0],
            OnlyWithoutReasoning = switches[1],
            TemperatureExcludesTopP = switches[2],
            ReasoningRestricts = switches[3],
            TopK = switches[4],
            Penalties = switches[5],
            Seed = switches[6],
            BlankStopSequences = switches[7],
            MaxTemperature = maximum,
            MaxStopSequences = stops,
            MaxCandidates = candidates,
            DefaultMaxOutputTokens = usual,
            MaxOutputTokens = limit,
        };

    private static Gen<Part[]> Some(Gen<Part> parts) =>
        from count in Gen.Choose(0, 4)
        from chosen in parts.ListOf(count)
        select chosen.ToArray();
}
