using System.Text.Json;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;

namespace Engine.Wire.Tests.Normalising;

/// <summary>What a target's own API checks, written down independently of the passes: the faults of a tree, none when it is legal.</summary>
internal static class GrammarOracle
{
    public static IReadOnlyList<string> Faults(CompletionRequest request, TargetCapabilities target) =>
    [
        .. Turns(request, target.Conversation),
        .. Calls(request, target),
        .. Tools(request, target.Tools),
        .. Media(request, target.Media, target.Tools),
        .. Reasoning(request, target),
        .. Options(request, target),
    ];

    private static IEnumerable<string> Turns(CompletionRequest request, ConversationRules rules)
    {
        var turns = request.Turns;
        if (rules.FirstTurnIsUser && (turns.Count == 0 || turns[0].Role != TurnRole.User))
        {
            yield return "the first turn is not the user's";
        }

        if (!rules.SystemPrompt && request.System.Count > 0)
        {
            yield return "there is a system prompt";
        }

        if (turns.Count > 0 && turns[^1].Role == TurnRole.Assistant)
        {
            if (rules.Prefill == AssistantPrefill.AppendUserTurn)
            {
                yield return "the last turn is the model's";
            }
            else if (rules.Prefill == AssistantPrefill.KeepTrimmed && turns[^1].Parts[^1] is TextPart { Signature: null } text && text.Text.Decode() is var last && last.TrimEnd() != last)
            {
                yield return "the prefill ends in white space";
            }
        }

        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            var before = i > 0 ? turns[i - 1] : null;
            if (turn.Parts.Count == 0)
            {
                yield return $"turn {i} is empty";
            }

            if (rules.DropEmptyText && turn.Parts.Concat(turn.Parts.OfType<ToolResultPart>().SelectMany(result => result.Content)).Any(part => part is TextPart { Signature: null } text && string.IsNullOrWhiteSpace(text.Text.Decode())))
            {
                yield return $"turn {i} holds blank text";
            }

            if (rules.MergeNeighbours && before?.Role == turn.Role && !(rules.ResultsStandAlone && before.Parts[0] is ToolResultPart))
            {
                yield return $"turn {i} has the role of the one before";
            }

            if (rules.ResultsStandAlone && turn.Parts.Select(part => part is ToolResultPart).Distinct().Count() > 1)
            {
                yield return $"turn {i} mixes results and others";
            }

            if (turn.Role == TurnRole.System && (rules.MidSystem == MidConversationSystem.WrapAsUserText || (rules.MidSystem == MidConversationSystem.KeepAfterUser && before?.Role != TurnRole.User)))
            {
                yield return $"turn {i} is a system turn out of place";
            }
        }
    }

    private static IEnumerable<string> Calls(CompletionRequest request, TargetCapabilities target)
    {
        var used = new HashSet<string>();
        for (var i = 0; i < request.Turns.Count; i++)
        {
            var turn = request.Turns[i];
            var calls = turn.Parts.OfType<ToolCallPart>().ToList();
            if (calls.Count > 0 && turn.Role != TurnRole.Assistant)
            {
                yield return $"turn {i} calls without being the model's";
            }

            foreach (var call in calls)
            {
                if (target.Tools.MaxIdLength > 0 && !CallIds.IsPortable(call.Id, target.Tools.MaxIdLength))
                {
                    yield return $"the id {call.Id} is not legal";
                }

                if (!used.Add(call.Id) && target.Tools.UniqueIds)
                {
                    yield return $"the id {call.Id} is used twice";
                }

                if (!IsName(call.Name, target.Tools))
                {
                    yield return $"the name {call.Name} is not legal";
                }
            }

            var answers = i + 1 < request.Turns.Count ? request.Turns[i + 1].Parts.TakeWhile(part => part is ToolResultPart).Cast<ToolResultPart>().Select(result => result.CallId).ToList() : [];
            if (calls.Count > 0 && !answers.SequenceEqual(calls.Select(call => call.Id)))
            {
                yield return $"the calls of turn {i} are not answered in order by the next";
            }

            var results = turn.Parts.OfType<ToolResultPart>().ToList();
            if (results.Count > 0 && (turn.Role != TurnRole.User || i == 0 || request.Turns[i - 1].Parts.OfType<ToolCallPart>().Count() != results.Count))
            {
                yield return $"turn {i} holds results that answer nothing";
            }

            if (target.Tools.ResultsNeedName && results.Exists(result => result.Name.Length == 0))
            {
                yield return $"a result of turn {i} has no name";
            }
        }
    }

    private static IEnumerable<string> Tools(CompletionRequest request, ToolRules rules)
    {
        var functions = request.Tools.Where(tool => tool.HostedKind == HostedToolKind.None).ToList();
        if (functions.Select(tool => tool.Name).Distinct().Count() != functions.Count)
        {
            yield return "two tools share a name";
        }

        foreach (var tool in request.Tools)
        {
            if (tool.HostedKind != HostedToolKind.None)
            {
                if (!rules.HostedKinds.Contains(tool.HostedKind))
                {
                    yield return $"{tool.HostedKind} is not the target's";
                }

                continue;
            }

            if (!IsName(tool.Name, rules))
            {
                yield return $"the name {tool.Name} is not legal";
            }

            if (tool.IsFreeform ? !rules.Freeform : !IsSchema(tool, rules))
            {
                yield return $"the tool {tool.Name} has the schema {tool.Schema}";
            }
        }

        var choice = request.ToolChoice;
        if (request.Tools.Count == 0 && (choice != ToolChoice.Default || request.ParallelToolCalls is not null))
        {
            yield return "there is a tool choice without tools";
        }

        if (choice.Mode == ToolChoiceMode.Tool && !request.Tools.Any(tool => tool.Name == choice.Name))
        {
            yield return "the tool chosen does not exist";
        }

        if (choice.Allowed.Any(name => !rules.AllowedSet || !request.Tools.Any(tool => tool.Name == name)))
        {
            yield return "there is a set of allowed tools that the target cannot take";
        }

        if (!rules.ParallelSwitch && request.ParallelToolCalls is not null)
        {
            yield return "there is a parallel switch";
        }

        if (rules.HistoryNeedsTools && request.Tools.Count == 0 && request.Turns.Any(turn => turn.Parts.Any(part => part is ToolCallPart)))
        {
            yield return "history calls tools and none is declared";
        }
    }

    private static IEnumerable<string> Media(CompletionRequest request, MediaRules rules, ToolRules tools)
    {
        foreach (var turn in request.Turns)
        {
            foreach (var part in turn.Parts.Concat(turn.Parts.OfType<ToolResultPart>().SelectMany(result => result.Content)))
            {
                var isFit = part switch
                {
                    ImagePart { Source: MediaSource.Inline inline } => rules.ImageTypes.Contains(inline.MimeType) && Convert.TryFromBase64String(inline.Data.Decode(), new byte[inline.Data.Content.Length], out _),
                    ImagePart { Source: MediaSource.Url } => rules.ImageUrls && rules.ImageTypes.Count > 0,
                    DocumentPart { Source: MediaSource.Inline inline } => rules.Pdf && inline.MimeType == "application/pdf",
                    DocumentPart { Source: MediaSource.PlainText } => rules.TextDocuments,
                    AudioPart { Source: MediaSource.Inline inline } => rules.AudioTypes.Contains(inline.MimeType),
                    OpaquePart => false,
                    _ => true,
                };
                if (!isFit)
                {
                    yield return $"the target cannot take {RequestText.Of(part)}";
                }
            }

            if (!rules.AssistantImages && turn.Role == TurnRole.Assistant && turn.Parts.Any(part => part is ImagePart))
            {
                yield return "an assistant turn holds an image";
            }

            if (!tools.MediaInResults && turn.Parts.OfType<ToolResultPart>().Any(result => result.Content.Any(part => part is not TextPart)))
            {
                yield return "a result holds media";
            }
        }
    }

    private static IEnumerable<string> Reasoning(CompletionRequest request, TargetCapabilities target)
    {
        var rules = target.Reasoning;
        var ask = request.Reasoning;
        var isFit = ask.Mode switch
        {
            ReasoningMode.Default => true,
            ReasoningMode.Off => rules.CanTurnOff || rules.Levels.Count == 0,
            ReasoningMode.Dynamic => rules.Control != ReasoningControl.None && !(rules.Control == ReasoningControl.Budget && rules.BudgetBelowMaxOutput),
            ReasoningMode.Level => rules.Control is ReasoningControl.Level or ReasoningControl.AdaptiveLevel && (rules.Levels.Count == 0 || rules.Levels.Contains(ask.Level)),
            _ => rules.Control == ReasoningControl.Budget && ask.BudgetTokens >= rules.MinBudget && ask.BudgetTokens <= rules.MaxBudget
                && !(rules.BudgetBelowMaxOutput && ask.BudgetTokens >= request.MaxOutputTokens),
        };
        if (!isFit)
        {
            yield return $"the target cannot do {ask}";
        }

        foreach (var part in request.Turns.SelectMany(turn => turn.Parts))
        {
            var signature = part switch
            {
                ReasoningPart reasoning => reasoning.Signature,
                RedactedReasoningPart redacted => redacted.Signature,
                ToolCallPart call => call.Signature,
                TextPart text => text.Signature,
                _ => null,
            };
            if (signature is not null && signature.Family != rules.Family && !(rules.ReplaysPlainText && signature.Family == SignatureFamily.Plain))
            {
                yield return $"a signature of {signature.Family} is sent back";
            }

            if (part is ReasoningPart { Signature: null } && !rules.ReplaysPlainText)
            {
                yield return "unsigned reasoning is sent back";
            }
        }

        if (rules.ReplaysPlainText && ask.Mode != ReasoningMode.Off
            && request.Turns.Reverse().SkipWhile(turn => turn.Role != TurnRole.Assistant && turn.Parts.Any(part => part is ToolResultPart)).FirstOrDefault() is { Role: TurnRole.Assistant } asking
            && asking.Parts.Any(part => part is ToolCallPart) && !asking.Parts.Any(part => part is ReasoningPart))
        {
            yield return "the open tool loop lacks reasoning text";
        }
    }

    private static IEnumerable<string> Options(CompletionRequest request, TargetCapabilities target)
    {
        var rules = target.Sampling;
        var sampling = request.Sampling;
        var reasons = request.Reasoning.Mode switch
        {
            _ when target.Reasoning.Control == ReasoningControl.None => false,
            ReasoningMode.Off => !target.Reasoning.CanTurnOff,
            ReasoningMode.Default => target.Reasoning.OnByDefault,
            _ => true,
        };
        var checks = new (string Fault, bool Holds)[]
        {
            ("temperature is too high", sampling.Temperature > rules.MaxTemperature),
            ("temperature or top_p", (sampling.Temperature ?? sampling.TopP) is not null && (!rules.TemperatureAndTopP || (reasons && rules.OnlyWithoutReasoning))),
            ("temperature and top_p", rules.TemperatureExcludesTopP && sampling is { Temperature: not null, TopP: not null }),
            ("sampling beside reasoning", reasons && rules.ReasoningRestricts && (sampling.TopK is not null || sampling.Temperature is not (null or 1) || sampling.TopP < 0.95)),
            ("top_k", !rules.TopK && sampling.TopK is not null),
            ("penalties", !rules.Penalties && (sampling.PresencePenalty ?? sampling.FrequencyPenalty) is not null),
            ("seed", !rules.Seed && sampling.Seed is not null),
            ("stops", request.StopSequences.Count > rules.MaxStopSequences),
            ("blank stop", request.StopSequences.Any(stop => stop.IsEmpty || (!rules.BlankStopSequences && string.IsNullOrWhiteSpace(stop.Decode())))),
            ("candidates", request.Candidates < 1 || request.Candidates > rules.MaxCandidates),
            ("max_tokens", request.MaxOutputTokens < 1 || request.MaxOutputTokens > rules.MaxOutputTokens || (request.MaxOutputTokens is null && rules.DefaultMaxOutputTokens is not null)),
            ("forced choice", request.ToolChoice.Mode is ToolChoiceMode.Required or ToolChoiceMode.Tool && (!target.Tools.ForcedChoice || (reasons && !target.Tools.ForcedChoiceWithReasoning))),
            ("json object", request.Format.Kind == OutputFormatKind.JsonObject && !IsNative(target.Output.JsonObject, request)),
            ("json schema", request.Format.Kind == OutputFormatKind.JsonSchema && (!IsNative(target.Output.JsonSchema, request) || request.Format.Name.IsEmpty)),
        };
        return checks.Where(check => check.Holds).Select(check => check.Fault);
    }

    private static bool IsNative(JsonOutput output, CompletionRequest request) =>
        output == JsonOutput.Native || (output == JsonOutput.NativeWithoutTools && request.Tools.Count == 0);

    private static bool IsName(string name, ToolRules rules) =>
        name.Length > 0 && name.Length <= rules.MaxNameLength
        && name.All(each => char.IsAsciiLetterOrDigit(each) || each == '_' || rules.ExtraNameCharacters.Contains(each))
        && (!rules.NameStartsWithLetter || char.IsAsciiLetter(name[0]) || name[0] == '_');

    private static bool IsSchema(ToolDefinition tool, ToolRules rules)
    {
        if (!tool.Schema.IsPresent)
        {
            return rules.Schema is SchemaFlavour.GeminiOpenApi or SchemaFlavour.GeminiJsonSchema;
        }

        using var document = JsonDocument.Parse(tool.Schema.Utf8);
        var root = document.RootElement;
        return root.TryGetProperty("type", out var type) && type.GetString() == "object"
            && (rules.Schema != SchemaFlavour.OpenAi || root.GetProperty("properties").ValueKind == JsonValueKind.Object)
            && (rules.Schema != SchemaFlavour.Anthropic || !(root.TryGetProperty("anyOf", out _) || root.TryGetProperty("oneOf", out _) || root.TryGetProperty("allOf", out _)));
    }
}
