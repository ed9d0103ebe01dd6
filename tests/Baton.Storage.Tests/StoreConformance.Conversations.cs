using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Policies;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_conversation_comes_back_as_it_was_folded()
    {
        var conversation = The.Conversation("c1", The.Turn("t1"), The.Turn("t2", "again", 5)) with { EndedAt = The.In(60) };
        await Store.FoldAsync(new ConversationFold(conversation, conversation.Turns), Ct);

        (await Store.FindConversationAsync("c1", Ct)).ShouldBeSameAs(conversation);
        (await Store.FindConversationAsync("c2", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_turn_already_known_changes_nothing()
    {
        await Fold("c1", The.Turn("t1", "first"));
        await Fold("c1", The.Turn("t1", "repeated"), The.Turn("t2"));

        var known = (await Store.FindConversationAsync("c1", Ct))!;
        known.Turns.Select(t => (t.Id, t.Text)).ShouldBe([("t1", "first"), ("t2", "hello")]);
    }

    [Fact]
    public async Task Turns_are_in_the_order_of_time_and_then_of_hearing()
    {
        await Fold("c1", The.Turn("t3", seconds: 3));
        await Fold("c1", The.Turn("z", seconds: 1), The.Turn("a", seconds: 1));

        (await Store.FindConversationAsync("c1", Ct))!.Turns.Select(t => t.Id).ShouldBe(["z", "a", "t3"]);
    }

    [Fact]
    public async Task A_fold_records_its_decision_and_starts_its_handoff()
    {
        var start = await Store.FoldAsync(new ConversationFold(The.Conversation("c1"), [The.Turn("t1")]) { Decision = The.Decision("c1"), Start = The.Handoff("c1") }, Ct);

        start.ShouldNotBeNull().Outcome.ShouldBe(StartOutcome.Started);
        var decision = (await Store.ListDecisionsAsync("c1", Ct)).ShouldHaveSingleItem();
        decision.Outcome.ShouldBe(DecisionOutcome.HandOff);
        decision.At.ShouldBe(The.Now);
        decision.Json.ShouldContain("The customer asked for a human.");
        (await Store.FindHandoffAsync(start.Handoff.Id, Ct)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_fold_with_nothing_to_start_answers_with_nothing() =>
        (await Store.FoldAsync(new ConversationFold(The.Conversation("c1"), []), Ct)).ShouldBeNull();

    [Fact]
    public async Task A_fold_into_a_conversation_with_a_live_handoff_keeps_all_but_the_start()
    {
        var live = await Started("c1");

        var start = await Store.FoldAsync(new ConversationFold(The.Conversation("c1"), [The.Turn("t1")]) { Decision = The.Decision("c1"), Start = The.Handoff("c1") }, Ct);

        start.ShouldNotBeNull().Outcome.ShouldBe(StartOutcome.AlreadyLive);
        start.Handoff.Id.ShouldBe(live.Id);
        (await Store.FindConversationAsync("c1", Ct))!.Turns.Count.ShouldBe(1);
        (await Store.ListDecisionsAsync("c1", Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_fold_that_fails_leaves_nothing_behind()
    {
        var impossible = The.Handoff("c1") with { Version = 0 };

        await Should.ThrowAsync<StoreException>(() => Store.FoldAsync(
            new ConversationFold(The.Conversation("c1"), [The.Turn("t1")]) { Decision = The.Decision("c1"), Start = impossible }, Ct));

        (await Store.FindConversationAsync("c1", Ct)).ShouldBeNull();
        (await Store.ListDecisionsAsync("c1", Ct)).ShouldBeEmpty();
        (await Store.ListHandoffsAsync(new HandoffFilter(), Ct)).ShouldBeEmpty();
        (await Store.AuditHeadsAsync(Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Conversations_are_listed_newest_first_with_what_was_last_decided()
    {
        for (var i = 0; i < 3; i++)
        {
            var conversation = The.Conversation($"c{i}") with { StartedAt = The.In(i), Media = i == 2 ? Media.Voice : Media.Message };
            await Store.FoldAsync(new ConversationFold(conversation, [The.Turn("t1"), The.Turn("t2")]), Ct);
        }
        await Store.FoldAsync(new ConversationFold(The.Conversation("c1") with { StartedAt = The.In(1) }, []) { Decision = The.Decision("c1", DecisionOutcome.Refused) }, Ct);
        await Store.FoldAsync(new ConversationFold(The.Conversation("c1") with { StartedAt = The.In(1), EndedAt = The.In(9) }, []) { Decision = The.Decision("c1") }, Ct);

        (await Store.ListConversationsAsync(new ConversationFilter { Limit = 2 }, Ct)).ShouldBe([
            new ConversationSummary("c2", Media.Voice, The.In(2), null, 2, null),
            new ConversationSummary("c1", Media.Message, The.In(1), The.In(9), 2, DecisionOutcome.HandOff),
        ]);
        (await Store.ListDecisionsAsync("c1", Ct)).Select(d => d.Outcome).ShouldBe([DecisionOutcome.Refused, DecisionOutcome.HandOff]);
    }

    Task<HandoffStart?> Fold(string conversation, params Turn[] turns) => Store.FoldAsync(new ConversationFold(The.Conversation(conversation), turns), Ct);
}
