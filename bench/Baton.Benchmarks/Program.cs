using System.CommandLine;
using Baton.Benchmarks;
using Baton.Benchmarks.Service;

var root = new RootCommand("Baton's figures, each beside its partner in the same run.")
{
    BenchmarkCommands.Storm(),
    BenchmarkCommands.Speed(),
    BenchmarkCommands.Vendor(),
    ServiceCommands.Create(),
    ServiceCommands.Served(),
};
return await root.Parse(args).InvokeAsync();
