using BenchmarkDotNet.Running;
using Engine.Benchmarks;

if (args is ["--quick"])
{
    QuickRun.Run(Console.Out);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
