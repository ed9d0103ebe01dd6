using System.CommandLine;
using Baton.Chaos;

var root = new RootCommand("Crashes on purpose: real processes, kill -9, a network that lies; the judge is the sandbox's ledger.")
{
    ChaosCommands.Run(),
    ChaosCommands.Failpoints(),
    ChaosCommands.Worker(),
};
return await root.Parse(args).InvokeAsync();
