using BenchmarkDotNet.Running;
using Engine.Benchmarks;

if (args is ["--quick"])
{
    QuickRun.Run(Console.Out);
    QuickRun.RunLeases(Console.Out);
}
else if (args is ["--quick", "leases"])
{
    QuickRun.RunLeases(Console.Out);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
