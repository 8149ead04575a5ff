using System.CommandLine;
using Engine.Host.Recording;

namespace Engine.Host.Commands;

/// <summary>The command line (contract.md, commands). Exit codes: 0 fine, 1 bad input, 2 internal fault.</summary>
internal static class EngineCommand
{
    /// <summary>Runs the command that the arguments name; <c>serve</c> when they name none.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var config = new Option<FileInfo?>("--config") { Description = "The config file; config/engine.hocon by default.", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "Overrides one key: --set engine.routing.retries=5.", HelpName = "key=value", Arity = ArgumentArity.OneOrMore };

        var serve = new Command("serve", "Serves until it is told to stop (the default).") { config, set };
        serve.SetAction((parsed, stop) => ServeCommand.RunAsync(parsed.GetValue(config)?.FullName, parsed.GetValue(set) ?? [], stop));

        var check = new Command("check", "Validates the config and prints one line per fault.") { config, set };
        check.SetAction(parsed => CheckCommand.Run(parsed.GetValue(config)?.FullName, parsed.GetValue(set) ?? []));

        var root = new RootCommand("An LLM API proxy: every dialect on both sides, streaming.") { config, set, serve, check, Replay(), Record(config, set), JournalCommand.Create(config, set) };
        root.SetAction((parsed, stop) => ServeCommand.RunAsync(parsed.GetValue(config)?.FullName, parsed.GetValue(set) ?? [], stop));

        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            return 1;
        }

        using var signals = new StopSignals();
        try
        {
            return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, signals.Token);
        }
        catch (Exception fault)
        {
            await Console.Error.WriteLineAsync("engine: internal fault: " + fault);
            return 2;
        }
    }

    private static Command Replay()
    {
        var fixtures = new Option<DirectoryInfo>("--fixtures") { Description = "The folder of recorded exchanges.", HelpName = "DIR", Required = true };
        var listen = new Option<string>("--listen") { Description = "Where to listen.", HelpName = "URL", Required = true };
        var speed = new Option<string>("--speed") { Description = "Against the recorded timing: a number, or max.", HelpName = "N|max", DefaultValueFactory = static _ => "1" };
        var replay = new Command("replay", "Serves recorded exchanges as an upstream.") { fixtures, listen, speed };
        replay.SetAction((parsed, stop) =>
            ReplayCommand.RunAsync(parsed.GetRequiredValue(fixtures).FullName, parsed.GetRequiredValue(listen), parsed.GetValue(speed)!, stop));
        return replay;
    }

    private static Command Record(Option<FileInfo?> config, Option<string[]> set)
    {
        var to = new Option<DirectoryInfo>("--to") { Description = "The folder to write fixtures to.", HelpName = "DIR", Required = true };
        var record = new Command("record", "Serves, and records every upstream's exchanges without their secrets.") { to, config, set };
        record.SetAction((parsed, stop) => ServeCommand.RunAsync(
            parsed.GetValue(config)?.FullName, parsed.GetValue(set) ?? [], stop, recordTo: parsed.GetRequiredValue(to).FullName));
        return record;
    }
}
