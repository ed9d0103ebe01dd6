using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Core.Transfers;

namespace Baton.Cli.Commands;

static class TransferCommand
{
    public static Command Create()
    {
        var user = new Option<string?>("--user") { Description = "The user whose newest active call is moved (else TARGET_USER_ID)" };
        var conversation = new Option<string?>("--conversation") { Description = "The call itself, in place of --user" };
        var queue = new Option<string?>("--queue") { Description = "Where to: a queue's name or id (else TARGET_QUEUE_ID)" };
        var skills = new Option<string[]>("--skill") { Description = "A skill the next agent must have; may be repeated. Without it, what was asked for before is kept", DefaultValueFactory = _ => [] };
        var clear = new Option<bool>("--clear-skills") { Description = "Ask for no skills any more" };
        var reason = new Option<string?>("--reason") { Description = "What the next agent and the reports read as the reason" };
        return Verb.WithSystem("transfer", "Move a call to another queue, and believe it only when the platform shows it there. Run again, it changes nothing.", async (parsed, system, output, ct) =>
        {
            var (wanted, cleared) = (parsed.GetValue(skills)!, parsed.GetValue(clear));
            if (wanted.Length > 0 && cleared) throw new UsageException("--skill and --clear-skills contradict each other; give one of them.");
            var byConversation = parsed.GetValue(conversation);
            if (byConversation is not null && parsed.GetValue(user) is not null) throw new UsageException("--user and --conversation name the call in two ways; give one of them.");
            var request = new CallTransferRequest(Configuration.Given(parsed.GetValue(queue), "--queue", "TARGET_QUEUE_ID"))
            {
                UserId = byConversation is null ? Configuration.Given(parsed.GetValue(user), "--user (or --conversation)", "TARGET_USER_ID") : null,
                ConversationId = byConversation,
                Skills = cleared ? [] : wanted.Length > 0 ? wanted : null,
                Reason = parsed.GetValue(reason),
                By = Environment.UserName,
            };
            var transfer = new CallTransfer(system.Center, system.Center.CallTransfers, system.Store, system.Settings.Runner.Pace, system.Time);
            var outcome = await transfer.RunAsync(request, ct);
            output.Answer(JsonNode.Parse(outcome.ToJson()), () => output.Line(Sentence(outcome)));
            if (outcome.IsVerified) return ExitCodes.Done;
            if (output.IsJson) Console.Error.WriteLine(Sentence(outcome));
            return ExitCodes.RefusedOrFailed;
        }, user, conversation, queue, skills, clear, reason);
    }

    static string Sentence(CallTransferOutcome outcome)
    {
        var queue = outcome.QueueName ?? outcome.QueueId;
        return outcome.Result switch
        {
            CallTransferResult.AlreadyThere => $"Call {outcome.ConversationId} waits in {queue} already; nothing was sent.",
            CallTransferResult.NotVerified => $"The platform accepted the transfer of call {outcome.ConversationId} to {queue}, and does not show it there. Look at the call, then run this again: a leg that has left is not moved twice.",
            _ => $"Verified: call {outcome.ConversationId} is in {queue} now{(outcome.SkillsApplied ? "" : "; an agent was quicker than the skills")}.",
        };
    }
}
