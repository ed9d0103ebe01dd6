using System.CommandLine;
using Baton.Cli;
using Baton.Cli.Commands;

var root = new RootCommand("""
    Baton hands conversations from a bot to a human: it decides by a policy that explains itself, transfers exactly once, and keeps the proof.

    Start here:
      baton demo                         watch it work on this machine, nothing to configure
      baton init                         write a commented configuration for your Genesys Cloud organization
      baton doctor                       check configuration, credentials, permissions, store
      baton decide CONVERSATION          what the policy says of a conversation, and why
      baton handoff start CONVERSATION   hand it off and wait until that is confirmed
      baton assist ask CONVERSATION      suggestions for the agent who has it
    """)
{
    DemoCommand.Create(),
    SandboxCommand.Create(),
    ServeCommand.Create(),
    InitCommand.Create(),
    DoctorCommand.Create(),
    DecideCommand.Create(),
    PolicyCommands.Create(),
    HandoffCommands.Create(),
    QueueCommands.Create(),
    TransferCommand.Create(),
    AssistCommands.Create(),
    DeliveryCommands.Create(),
    KeyCommands.Create(),
    SessionCommands.Create(),
    AuditCommands.Create(),
    EraseCommand.Create(),
    SwitchCommands.CreatePause(),
    SwitchCommands.CreateResume(),
    SwitchCommands.CreateStatus(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine($"'{parsed.CommandResult.Command.PathFrom(root)} --help' shows what is allowed.");
    return ExitCodes.WrongUse;
}
return await parsed.InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    // Longer than the server takes to finish what is under way.
    ProcessTerminationTimeout = TimeSpan.FromSeconds(25),
});
