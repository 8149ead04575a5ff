using Engine.Testing;
using Engine.Wire.Completion.Request;
using Engine.Wire.Dialects;
using Engine.Wire.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Wire.Tests.Normalising;

/// <summary>Laws of the whole pipeline, for any conversation and any target.</summary>
public sealed class NormaliserPropertyTests
{
    private const int Runs = 500;

    private static readonly Gen<(CompletionRequest Request, TargetCapabilities Target)> Cases =
        from request in Generators.Conversation
        from target in Generators.Capabilities
        select (request, target);

    [Fact]
    public void The_result_satisfies_the_grammar_of_the_target() => Check((request, target) =>
    {
        var faults = GrammarOracle.Faults(request.Apply(target), target);
        return faults.Count == 0 ? null : string.Join('\n', faults);
    });

    [Fact]
    public void Normalising_twice_changes_nothing_more() => Check((request, target) =>
    {
        var once = request.Apply(target);
        var first = RequestText.Of(once);
        var second = RequestText.Of(once.Apply(target));
        return first == second ? null : $"once:\n{first}\ntwice:\n{second}";
    });

    [Fact]
    public void The_second_time_nothing_is_lost_and_nothing_needs_repair() => Check((request, target) =>
    {
        var again = new LossLedger();
        var normal = request.Apply(target).Normalise(target, again);
        var lost = again.Losses.Where(loss => loss.Path != "logit_bias").ToList();
        return normal.Repairs.Count == 0 && lost.Count == 0 ? null : $"{normal.Repairs.Count} repairs, {string.Join(", ", lost)}";
    });

    [Fact]
    public void The_tree_given_is_never_changed() => Check((request, target) =>
    {
        var before = RequestText.Of(request);
        request.Apply(target);
        var after = RequestText.Of(request);
        return before == after ? null : after;
    });

    [Fact]
    public void The_same_request_gives_the_same_bytes_each_time() => Check((request, target) =>
        RequestText.Of(request.Apply(target)) == RequestText.Of(request.Apply(target)) ? null : "differs");

    [Fact]
    public void Calls_come_back_under_the_names_that_the_client_gave() => Check((request, target) =>
    {
        var normal = request.Normalise(target);
        var functions = request.Tools.Where(tool => tool.HostedKind == HostedToolKind.None).Select(tool => tool.Name).ToHashSet();
        foreach (var tool in normal.Request.Tools.Where(tool => tool.HostedKind == HostedToolKind.None && tool.Path.Length > 0))
        {
            var answer = new TranscriptSink();
            var sink = normal.Repair(answer);
            sink.ToolStart(new(0), EscapedText.FromContent("id"u8), EscapedText.FromContent(JsonStrings.Escape(tool.Name)));
            var name = EscapedText.FromContent(System.Text.Encoding.UTF8.GetBytes(answer.Lines[0].Split('"')[3])).Decode();
            if (!functions.Contains(name) || tool.Path != $"tools[{name}]")
            {
                return $"{tool.Name} came back as {name} of {tool.Path}";
            }
        }

        return null;
    });

    [Fact]
    public void A_prefix_of_a_conversation_keeps_its_ids_and_names_as_it_grows() => Check((request, target) =>
    {
        if (request.Turns.Count == 0)
        {
            return null;
        }

        // Caches of providers and of the client match by prefix; ids must not depend on what follows.
        var whole = IdsOf(request.Apply(target));
        var prefix = IdsOf((request with { Turns = [.. request.Turns.SkipLast(1)] }).Apply(target));
        return prefix.All(whole.Contains) || request.Turns[^1].Role == TurnRole.Assistant ? null : $"{string.Join(',', prefix)} is not within {string.Join(',', whole)}";
    });

    private static List<string> IdsOf(CompletionRequest request) =>
        [.. request.Turns.SelectMany(turn => turn.Parts).OfType<ToolCallPart>().Select(call => call.Id)];

    // The check answers what is wrong, or null.
    private static void Check(Func<CompletionRequest, TargetCapabilities, string?> check) => Prop.ForAll(
        Cases.ToArbitrary(),
        pair =>
        {
            var fault = check(pair.Request, pair.Target);
            return fault is null ? true : throw new InvalidOperationException($"{fault}\n--- request\n{RequestText.Of(pair.Request)}--- target\n{pair.Target.Conversation}\n{pair.Target.Tools}\n{pair.Target.Reasoning}\n{pair.Target.Media}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithQuietOnSuccess(true));
}
