using System.CommandLine;

namespace Baton.Cli.Commands;

static class DemoCommand
{
    public static Command Create() => Verb.Plain("demo", "x", (_, _, _) => Task.FromResult(0));
}
