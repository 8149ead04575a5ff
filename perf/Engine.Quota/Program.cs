using System.CommandLine;
using Engine.Quota;

var defaults = new QuotaOptions();
var accounts = new Option<int>("--accounts") { Description = "accounts of each dialect", DefaultValueFactory = _ => defaults.Accounts };
var agents = new Option<int>("--agents") { Description = "agents of each dialect", DefaultValueFactory = _ => defaults.Agents };
var keys = new Option<int>("--keys") { Description = "client keys", DefaultValueFactory = _ => defaults.Keys };
var minutes = new Option<int>("--minutes") { Description = "simulated minutes", DefaultValueFactory = _ => defaults.Minutes };
var scale = new Option<double>("--scale") { Description = "how much faster than the world's the clock runs", DefaultValueFactory = _ => defaults.Scale };
var perMinute = new Option<int>("--per-minute") { Description = "requests a minute of each account", DefaultValueFactory = _ => defaults.PerMinute };
var maxWait = new Option<int>("--max-wait") { Description = "routing.max-wait in seconds", DefaultValueFactory = _ => (int)defaults.MaxWait.TotalSeconds };
var strategy = new Option<string>("--strategy") { Description = "routing.strategy", DefaultValueFactory = _ => defaults.Strategy };
var seed = new Option<int>("--seed") { Description = "of the agents' dice", DefaultValueFactory = _ => defaults.Seed };
var dialects = new Option<string[]>("--dialect") { Description = "one or more; all by default", DefaultValueFactory = _ => [.. defaults.Dialects] };
dialects.AcceptOnlyFromAmong([.. Simulated.Names]);
var quick = new Option<bool>("--quick") { Description = "five minutes at 15×: one to two minutes" };
var only = new Option<string?>("--only") { Description = "engine or naive" };
var command = new RootCommand("Agents against accounts with quotas: through the engine, and beside it by naive round-robin.")
{
    accounts, agents, keys, minutes, scale, perMinute, maxWait, strategy, seed, dialects, quick, only,
};
command.SetAction(async parsed =>
{
    var options = new QuotaOptions
    {
        Accounts = parsed.GetValue(accounts),
        Agents = parsed.GetValue(agents),
        Keys = parsed.GetValue(keys),
        Minutes = parsed.GetValue(quick) ? 5 : parsed.GetValue(minutes),
        Scale = parsed.GetValue(quick) ? 15 : parsed.GetValue(scale),
        PerMinute = parsed.GetValue(perMinute),
        MaxWait = TimeSpan.FromSeconds(parsed.GetValue(maxWait)),
        Strategy = parsed.GetValue(strategy)!,
        Seed = parsed.GetValue(seed),
        Dialects = [.. parsed.GetValue(dialects)!],
    };

    // A run that does not count: afterwards the code is compiled, and no call is late for that.
    await Simulation.RunAsync(options with { Minutes = 1 }, throughEngine: true);
    var engine = await Simulation.RunAsync(options, throughEngine: parsed.GetValue(only) != "naive");
    var naive = parsed.GetValue(only) is null ? await Simulation.RunAsync(options, throughEngine: false) : engine;
    QuotaTable.Write(Console.Out, options, engine, naive);
});
return await command.Parse(args).InvokeAsync();
