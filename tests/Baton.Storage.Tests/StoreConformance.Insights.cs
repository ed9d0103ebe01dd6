using Baton.Core.Assist;
using Baton.Core.Handoffs;
using Baton.Core.Insights;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Lines_of_handoffs_are_those_of_the_span_the_newest_first()
    {
        await Store.StartHandoffAsync(The.Handoff("before") with { RequestedAt = The.In(-1) }, null, Ct);
        await Store.StartHandoffAsync(The.Handoff("c1") with
        {
            QueueName = "Billing (Munich)",
            State = HandoffState.Completed,
            AgentAt = The.In(4.5),
            EndedAt = The.In(60),
            Todo = Todo.None,
            DueAt = null,
        }, null, Ct);
        await Store.StartHandoffAsync(The.Handoff("c2") with { RequestedAt = The.In(5), Origin = new HandoffOrigin("Ada", [], null) }, null, Ct);
        await Store.StartHandoffAsync(The.Handoff("after") with { RequestedAt = The.In(10) }, null, Ct);
        (await Store.HandoffLinesAsync(The.Now, The.In(10), 10, Ct)).ShouldBe([
            new HandoffLine("c2", HandoffState.Requested, "Billing", The.In(5), null, null, null),
            new HandoffLine("c1", HandoffState.Completed, "Billing (Munich)", The.Now, The.In(4.5), "askedForHuman", The.Policy),
        ]);
        (await Store.HandoffLinesAsync(The.Now, The.In(10), 1, Ct)).ShouldHaveSingleItem().ConversationId.ShouldBe("c2");
        (await Store.AcceptanceLinesAsync(The.Now, The.In(10), 10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lines_of_acceptance_are_what_agents_did_in_the_span()
    {
        foreach (var (id, did, at) in ((string, SuggestionState, double)[])[("s1", SuggestionState.Sent, 5), ("s2", SuggestionState.Dismissed, 6), ("s3", SuggestionState.Displayed, 7), ("s4", SuggestionState.Sent, 10)])
            await Engaged((await OfferedOne($"c-{id}", id)).Suggestion, did, at);
        (await Store.AcceptanceLinesAsync(The.Now, The.In(10), 10, Ct)).ShouldBe([new AcceptanceLine("c-s2", The.In(6), false), new AcceptanceLine("c-s1", The.In(5), true)]);
        (await Store.AcceptanceLinesAsync(The.Now, The.In(11), 1, Ct)).ShouldHaveSingleItem().ConversationId.ShouldBe("c-s4");
    }
}
