using System.CommandLine;
using Baton.Benchmarks;

var root = new RootCommand("Baton's figures, each beside its partner in the same run.")
{
    BenchmarkCommands.Storm(),
    BenchmarkCommands.Speed(),
    BenchmarkCommands.Vendor(),
};
return await root.Parse(args).InvokeAsync();
