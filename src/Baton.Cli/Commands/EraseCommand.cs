using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Core;

namespace Baton.Cli.Commands;

static class EraseCommand
{
    public static Command Create()
    {
        var conversation = new Argument<string>("CONVERSATION") { Description = "The conversation's id" };
        return Verb.WithStore("erase", "Delete what was said in a conversation, for good. The audit trail holds no texts and stays verifiable.", async (parsed, store, settings, output, ct) =>
        {
            var outcome = await store.EraseAsync(parsed.GetValue(conversation)!, Environment.UserName, TimeProvider.System.GetUtcNow(), ct);
            output.Answer(new JsonObject { ["outcome"] = outcome.ToString() }, () => output.Line(outcome switch
            {
                EraseOutcome.Erased => "Erased.",
                EraseOutcome.HandoffIsLive => "Not erased: its handoff still has something to do; erase it when that has ended.",
                _ => "There is no such conversation in this store.",
            }));
            return outcome == EraseOutcome.Erased ? ExitCodes.Done : ExitCodes.RefusedOrFailed;
        }, conversation);
    }
}
