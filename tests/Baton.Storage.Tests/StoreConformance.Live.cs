using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    static LiveNews News(string conversation, params LiveLeg[] legs) => new(conversation) { Media = Media.Message, Legs = legs, IsEvent = true };
    static LiveLeg Leg(string id, ParticipantRole role, double began, double? ended = null) =>
        new(id, role) { StartedAt = The.In(began), EndedAt = ended is { } at ? The.In(at) : null, Connected = true, QueueId = role == ParticipantRole.Queue ? "q1" : null, UserId = role == ParticipantRole.Agent ? "u1" : null };

    Task<LiveNewsOutcome> Hear(LiveNews news, string? id = null, double seconds = 0) => Store.HearLiveAsync(news, id, The.In(seconds), Ct);

    [Fact]
    public async Task What_is_told_is_folded_and_found_by_another_process()
    {
        (await Hear(News("c1", Leg("p1", ParticipantRole.Customer, 0)), "e1")).ShouldBe(LiveNewsOutcome.Folded);
        (await Hear(News("c1", Leg("p2", ParticipantRole.Bot, 0)), "e2", 5)).ShouldBe(LiveNewsOutcome.Folded);

        await using var other = await OpenAsync();
        var row = (await other.FindLiveAsync("c1", Ct)).ShouldNotBeNull();
        row.ToldAt.ShouldBe(The.In(5));
        row.Conversation.HasEvents.ShouldBeTrue();
        row.Conversation.Legs.ShouldBe([Leg("p1", ParticipantRole.Customer, 0), Leg("p2", ParticipantRole.Bot, 0)]);
        (await other.FindLiveAsync("c2", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task An_event_is_taken_once_by_its_id_and_the_same_news_without_one_change_nothing()
    {
        var news = News("c1", Leg("p1", ParticipantRole.Customer, 0));
        (await Hear(news, "e1")).ShouldBe(LiveNewsOutcome.Folded);
        (await Hear(News("c1", Leg("p2", ParticipantRole.Bot, 0)), "e1")).ShouldBe(LiveNewsOutcome.Repeated);
        (await Hear(news, null, 7)).ShouldBe(LiveNewsOutcome.NothingNew);
        var row = (await Store.FindLiveAsync("c1", Ct))!;
        row.Conversation.Legs.Count.ShouldBe(1);
        row.ToldAt.ShouldBe(The.In(7));
    }

    [Fact]
    public async Task News_wake_the_handoff_and_what_was_only_read_or_known_does_not()
    {
        var handoff = await Started("c1");
        var held = (await Store.ClaimDueAsync(The.In(1), The.Lease, 1, true, Ct)).ShouldHaveSingleItem();
        held = (await Store.CommitAsync(held, The.Step(held.Handoff, "transferAccepted", h => h with { State = HandoffState.Transferring, Todo = Todo.FindTransfer, DueAt = The.In(100) }), Ct))!;
        await Store.ReleaseAsync(held, null, Ct);

        await Hear(LiveNews.Of(new ConversationView("c1", Media.Message, null, [new Participant("p1", ParticipantRole.Customer)])), null, 10);
        (await Store.FindHandoffAsync(handoff.Id, Ct))!.DueAt.ShouldBe(The.In(100));
        await Hear(News("c1", Leg("p2", ParticipantRole.Queue, 11)), "e1", 20);
        (await Store.FindHandoffAsync(handoff.Id, Ct))!.DueAt.ShouldBe(The.In(20));
    }

    [Fact]
    public async Task All_live_handoffs_are_woken_when_something_may_have_been_missed()
    {
        await Started("c1");
        var held = (await Store.ClaimDueAsync(The.In(1), The.Lease, 1, true, Ct)).ShouldHaveSingleItem();
        held = (await Store.CommitAsync(held, The.Step(held.Handoff, "transferConfirmed", h => h with { State = HandoffState.Queued, Todo = Todo.Follow, DueAt = The.In(100) }), Ct))!;
        await Store.ReleaseAsync(held, null, Ct);
        (await Store.WakeAllAsync(The.In(30), Ct)).ShouldBe(1);
        (await Store.FindHandoffAsync(held.Handoff.Id, Ct))!.DueAt.ShouldBe(The.In(30));
    }

    [Fact]
    public async Task The_bot_may_speak_until_a_handoff_takes_the_conversation_and_each_change_counts()
    {
        (await Store.FindOwnerAsync("c1", Ct)).ShouldBeNull();
        await Started("c1");
        (await Store.FindOwnerAsync("c1", Ct)).ShouldBe(new ConversationOwner("c1", Owner.Bot, 1, null));

        var held = (await Store.ClaimDueAsync(The.In(1), The.Lease, 1, true, Ct)).ShouldHaveSingleItem();
        var intent = new TransferIntent("c1", 1, "bot", "q1", [], The.Now);
        held = await Step("transferSent", h => h with { State = HandoffState.Transferring, Intent = intent });
        (await Store.FindOwnerAsync("c1", Ct))!.Epoch.ShouldBe(1);
        held = await Step("transferConfirmed", h => h with { State = HandoffState.Queued, QueuedAt = h.ChangedAt, ConfirmedAt = h.ChangedAt });
        (await Store.FindOwnerAsync("c1", Ct)).ShouldBe(new ConversationOwner("c1", new Owner(OwnerKind.Queue) { QueueId = "q1" }, 2, held.Handoff.ChangedAt));
        held = await Step("customerTold", h => h);
        (await Store.FindOwnerAsync("c1", Ct))!.Epoch.ShouldBe(2);
        held = await Step("agentJoined", h => h with { State = HandoffState.WithAgent, AgentId = "u1" });
        (await Store.FindOwnerAsync("c1", Ct)).ShouldBe(new ConversationOwner("c1", new Owner(OwnerKind.Agent) { AgentId = "u1" }, 3, held.Handoff.ChangedAt));
        held = (await Store.CommitAsync(held, The.End(held.Handoff), Ct))!;
        (await Store.FindOwnerAsync("c1", Ct)).ShouldBe(new ConversationOwner("c1", Owner.Nobody, 4, held.Handoff.ChangedAt));

        var kinds = new List<string>();
        await foreach (var entry in Store.ReadAuditAsync("c1", Ct)) kinds.Add(entry.Kind);
        kinds.Count(k => k == "owner.changed").ShouldBe(3);

        async Task<LeasedHandoff> Step(string what, Func<Handoff, Handoff> change) => (await Store.CommitAsync(held, The.Step(held.Handoff, what, change), Ct))!;
    }

    [Fact]
    public async Task Without_a_handoff_the_conversation_is_whose_the_platform_shows()
    {
        await Fold("c1", The.Turn("t1"));
        await Hear(News("c1", Leg("customer", ParticipantRole.Customer, 0), Leg("bot", ParticipantRole.Bot, 0)));
        (await Store.FindOwnerAsync("c1", Ct))!.ShouldBe(new ConversationOwner("c1", Owner.Bot, 1, null));
        await Hear(News("c1", Leg("bot", ParticipantRole.Bot, 0, 9), Leg("acd", ParticipantRole.Queue, 9)), null, 10);
        (await Store.FindOwnerAsync("c1", Ct))!.ShouldBe(new ConversationOwner("c1", new Owner(OwnerKind.Queue) { QueueId = "q1" }, 2, The.In(10)));
        await Hear(News("c1", Leg("acd", ParticipantRole.Queue, 9, 20), Leg("bot-2", ParticipantRole.Bot, 20)), null, 21);
        (await Store.FindOwnerAsync("c1", Ct))!.ShouldBe(new ConversationOwner("c1", Owner.Bot, 3, The.In(21)));

        // One in which no bot of ours speaks is shown as it is, and writes no trail.
        await Hear(News("c2", Leg("acd", ParticipantRole.Queue, 0)));
        (await Store.FindOwnerAsync("c2", Ct))!.Owner.Kind.ShouldBe(OwnerKind.Queue);
        (await Store.AuditHeadsAsync(Ct)).ShouldNotContain(h => h.Chain == "c2");
    }

    [Fact]
    public async Task What_has_ended_is_forgotten_after_an_hour_and_what_is_silent_after_three_days()
    {
        await Hear(News("ended", Leg("p", ParticipantRole.Customer, 0, 5)));
        await Hear(News("silent", Leg("p", ParticipantRole.Customer, 0)));
        await Hear(News("other", Leg("p", ParticipantRole.Customer, 0)), null, 3600 * 2);
        (await Store.FindLiveAsync("ended", Ct)).ShouldBeNull();
        (await Store.FindLiveAsync("silent", Ct)).ShouldNotBeNull();
        await Hear(News("other", Leg("q", ParticipantRole.Bot, 0)), null, 3600 * 24 * 3.1);
        (await Store.FindLiveAsync("silent", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Erasing_forgets_what_was_told()
    {
        await Fold("c1", The.Turn("t1"));
        await Hear(News("c1", Leg("p", ParticipantRole.Customer, 0)));
        (await Store.EraseAsync("c1", "ada", The.In(9), Ct)).ShouldBe(EraseOutcome.Erased);
        (await Store.FindLiveAsync("c1", Ct)).ShouldBeNull();
    }
}
