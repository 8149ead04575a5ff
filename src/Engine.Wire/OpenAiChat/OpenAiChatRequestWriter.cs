using Engine.Wire.Completion.Request;
using Engine.Wire.Json;

namespace Engine.Wire.OpenAiChat;

/// <summary>
/// Writes a normalised request (wire/openai-chat.md §2 to §4). Large leaves are linked into the rope, never copied. The model table
/// decides names and forms; capabilities were applied before.
/// </summary>
internal sealed class OpenAiChatRequestWriter
{
    private readonly CompletionRequest _request;
    private readonly OpenAiChatModel _model;
    private readonly LossLedger _losses;
    private readonly JsonEmitter _emitter;

    private OpenAiChatRequestWriter(CompletionRequest request, OpenAiChatModel model, LossLedger losses, BodyRope rope)
    {
        _request = request;
        _model = model;
        _losses = losses;
        _emitter = new JsonEmitter(rope);
    }

    /// <summary>Writes the body for a model of this name.</summary>
    public static BodyRope Write(CompletionRequest request, string model, LossLedger losses)
    {
        var rope = new BodyRope();
        new OpenAiChatRequestWriter(request, OpenAiChatModels.Of(model), losses, rope).WriteAll(model);
        return rope;
    }

    private void WriteAll(string model)
    {
        _emitter.ObjectStart();
        _emitter.Text("model"u8, model);
        _emitter.ArrayStart("messages"u8);
        new OpenAiChatMessageWriter(_request, _model, _losses, _emitter).Write();
        _emitter.ArrayEnd();
        if (_request.Stream)
        {
            // Usage is always asked for: accounts are metered by it, and clients that did not ask never see it.
            _emitter.Boolean("stream"u8, value: true);
            _emitter.ObjectStart("stream_options"u8);
            _emitter.Boolean("include_usage"u8, value: true);
            _emitter.ObjectEnd();
        }

        if (_request.MaxOutputTokens is { } maximum)
        {
            _emitter.Number(_model.IsOpenAi ? "max_completion_tokens"u8 : "max_tokens"u8, maximum);
        }

        WriteSampling();
        OpenAiChatToolWriter.Write(_emitter, _request, _model, _losses);
        WriteFormat();
        WriteReasoning();
        if (!_request.User.IsEmpty)
        {
            _emitter.Text("user"u8, _request.User);
        }

        OpenAiChatForeignFields.Write(_emitter, _request.Foreign, _model.IsOpenAi, _losses);
        _emitter.ObjectEnd();
    }

    private void WriteSampling()
    {
        var sampling = _request.Sampling;
        WriteOptional("temperature"u8, sampling.Temperature);
        WriteOptional("top_p"u8, sampling.TopP);
        WriteOptional("presence_penalty"u8, sampling.PresencePenalty);
        WriteOptional("frequency_penalty"u8, sampling.FrequencyPenalty);
        WriteOptional("seed"u8, sampling.Seed);
        if (_model.Capabilities.Sampling.TopK)
        {
            WriteOptional("top_k"u8, sampling.TopK);
        }
        else if (sampling.TopK is not null)
        {
            _losses.Add("top_k", LossRule.Dropped);
        }

        if (_request.Candidates > 1)
        {
            _emitter.Number("n"u8, _request.Candidates);
        }

        if (_request.StopSequences.Count > 0)
        {
            _emitter.ArrayStart("stop"u8);
            foreach (var stop in _request.StopSequences)
            {
                _emitter.Text(stop);
            }

            _emitter.ArrayEnd();
        }
    }

    private void WriteFormat()
    {
        var format = _request.Format;
        if (format.Kind == OutputFormatKind.Text)
        {
            return;
        }

        _emitter.ObjectStart("response_format"u8);
        if (format.Kind == OutputFormatKind.JsonObject)
        {
            _emitter.Literal("type"u8, "json_object"u8);
        }
        else
        {
            _emitter.Literal("type"u8, "json_schema"u8);
            _emitter.ObjectStart("json_schema"u8);
            _emitter.Text("name"u8, format.Name.IsEmpty ? EscapedSlice.FromString("response") : format.Name);
            if (!format.Description.IsEmpty)
            {
                _emitter.Text("description"u8, format.Description);
            }

            if (format.Schema.IsPresent)
            {
                _emitter.Raw("schema"u8, format.Schema);
            }

            if (format.Strict is { } strict)
            {
                _emitter.Boolean("strict"u8, strict);
            }

            _emitter.ObjectEnd();
        }

        _emitter.ObjectEnd();
    }

    private void WriteReasoning()
    {
        var ask = _request.Reasoning;
        if (ask.Mode == ReasoningMode.Default || _model.Capabilities.Reasoning.Control == Dialects.ReasoningControl.None)
        {
            return;
        }

        var isOff = ask.Mode == ReasoningMode.Off;
        switch (_model.ReasoningForm)
        {
            case OpenAiChatReasoningForm.Thinking:
                _emitter.ObjectStart("thinking"u8);
                _emitter.Literal("type"u8, isOff ? "disabled"u8 : "enabled"u8);
                _emitter.ObjectEnd();
                break;
            case OpenAiChatReasoningForm.EnableThinking:
                _emitter.Boolean("enable_thinking"u8, !isOff);
                if (ask.Mode == ReasoningMode.Budget)
                {
                    _emitter.Number("thinking_budget"u8, ask.BudgetTokens);
                }

                break;
            default:
                WriteEffort(ask);
                break;
        }
    }

    private void WriteEffort(ReasoningAsk ask)
    {
        if (ask.Mode == ReasoningMode.Off && _model.Capabilities.Reasoning.CanTurnOff)
        {
            _emitter.Literal("reasoning_effort"u8, "none"u8);
        }
        else if (ask.Mode == ReasoningMode.Level)
        {
            _emitter.Literal("reasoning_effort"u8, WordOf(ask.Level));
        }
        else if (ask.Mode is ReasoningMode.Off or ReasoningMode.Budget)
        {
            _losses.Add("reasoning", LossRule.Reported, "This model takes neither a budget nor an off switch.");
        }
    }

    private static ReadOnlySpan<byte> WordOf(ReasoningLevel level) => level switch
    {
        ReasoningLevel.None => "none"u8,
        ReasoningLevel.Minimal => "minimal"u8,
        ReasoningLevel.Low => "low"u8,
        ReasoningLevel.Medium => "medium"u8,
        ReasoningLevel.High => "high"u8,
        ReasoningLevel.XHigh => "xhigh"u8,
        _ => "max"u8,
    };

    private void WriteOptional(ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
        {
            _emitter.Number(name, number);
        }
    }

    private void WriteOptional(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            _emitter.Number(name, number);
        }
    }
}
