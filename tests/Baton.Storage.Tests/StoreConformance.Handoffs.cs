using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_conversation_has_one_live_handoff_however_many_are_asked_for_at_once()
    {
        await using var other = await OpenAsync();
        var starts = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).StartHandoffAsync(The.Handoff("c1"), null, Ct), Ct)));

        starts.Count(s => s.Outcome == StartOutcome.Started).ShouldBe(1);
        starts.Count(s => s.Outcome == StartOutcome.AlreadyLive).ShouldBe(99);
        starts.Select(s => s.Handoff.Id).Distinct().Count().ShouldBe(1);
        (await Store.ListHandoffsAsync(new HandoffFilter(), Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_key_starts_one_handoff_however_often_it_is_sent_at_once()
    {
        await using var other = await OpenAsync();
        var starts = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).StartHandoffAsync(The.Handoff("c1"), "key", Ct), Ct)));

        starts.Count(s => s.Outcome == StartOutcome.Started).ShouldBe(1);
        starts.Count(s => s.Outcome == StartOutcome.SameRequest).ShouldBe(99);
        starts.Select(s => s.Handoff.Id).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_key_answers_with_its_handoff_also_after_that_has_ended()
    {
        var first = await Store.StartHandoffAsync(The.Handoff("c1"), "key", Ct);
        (await Store.CommitOverAsync(first.Handoff, The.End(first.Handoff), Ct)).ShouldBeTrue();

        var again = await Store.StartHandoffAsync(The.Handoff("c1"), "key", Ct);

        again.Outcome.ShouldBe(StartOutcome.SameRequest);
        again.Handoff.Id.ShouldBe(first.Handoff.Id);
        again.Handoff.State.ShouldBe(HandoffState.Completed);
    }

    [Fact]
    public async Task A_key_used_for_another_conversation_starts_nothing()
    {
        await Store.StartHandoffAsync(The.Handoff("c1"), "key", Ct);

        (await Store.StartHandoffAsync(The.Handoff("c2"), "key", Ct)).Outcome.ShouldBe(StartOutcome.KeyReused);
        (await Store.ListHandoffsAsync(new HandoffFilter { ConversationId = "c2" }, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_that_met_a_live_handoff_is_not_used_up()
    {
        var live = await Started("c1");
        (await Store.StartHandoffAsync(The.Handoff("c1"), "key", Ct)).Outcome.ShouldBe(StartOutcome.AlreadyLive);
        await Store.CommitOverAsync(live, The.End(live), Ct);

        (await Store.StartHandoffAsync(The.Handoff("c1"), "key", Ct)).Outcome.ShouldBe(StartOutcome.Started);
    }

    [Fact]
    public async Task A_conversation_whose_handoff_has_ended_can_have_another()
    {
        var first = await Started("c1");
        await Store.CommitOverAsync(first, The.End(first), Ct);

        (await Store.StartHandoffAsync(The.Handoff("c1"), null, Ct)).Outcome.ShouldBe(StartOutcome.Started);
    }

    [Fact]
    public async Task Later_stages_are_claimed_first_and_then_the_longest_due()
    {
        var requested = await Started("requested", h => h with { DueAt = The.In(-60) });
        var following = await Started("following", h => h with { State = HandoffState.Queued, Todo = Todo.Follow, DueAt = The.In(-90) });
        var looking = await Started("looking", h => h with { State = HandoffState.Transferring, Todo = Todo.FindTransfer, DueAt = The.In(-1) });
        var sending = await Started("sending", h => h with { State = HandoffState.Transferring, Todo = Todo.SendTransfer, DueAt = The.In(0) });
        var requestedEarlier = await Started("requestedEarlier", h => h with { DueAt = The.In(-61) });
        await Started("later", h => h with { State = HandoffState.Transferring, Todo = Todo.SendTransfer, DueAt = The.In(1) });

        var claimed = await Store.ClaimDueAsync(The.Now, The.Lease, 10, true, Ct);

        claimed.Select(c => c.Handoff.Id).ShouldBe([sending.Id, looking.Id, requestedEarlier.Id, requested.Id, following.Id]);
        claimed.ShouldAllBe(c => c.Until == The.Now + The.Lease);
    }

    [Fact]
    public async Task A_claim_takes_no_more_than_its_limit_and_the_rest_is_left_to_the_next()
    {
        for (var i = 0; i < 5; i++) await Started($"c{i}", h => h with { DueAt = The.In(-10 + i) });

        var first = await Store.ClaimDueAsync(The.Now, The.Lease, 2, true, Ct);
        var rest = await Store.ClaimDueAsync(The.Now, The.Lease, 10, true, Ct);

        first.Select(c => c.Handoff.ConversationId).ShouldBe(["c0", "c1"]);
        rest.Select(c => c.Handoff.ConversationId).ShouldBe(["c2", "c3", "c4"]);
    }

    [Fact]
    public async Task Nothing_is_claimed_twice_by_claims_at_once()
    {
        for (var i = 0; i < 40; i++) await Started($"c{i}");
        await using var other = await OpenAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).ClaimDueAsync(The.Now, The.Lease, 3, true, Ct), Ct)));

        var ids = claims.SelectMany(c => c).Select(c => c.Handoff.Id).ToList();
        ids.Count.ShouldBe(40);
        ids.Distinct().Count().ShouldBe(40);
    }

    [Fact]
    public async Task A_lease_that_ran_out_may_be_claimed_again_and_its_old_holder_is_refused()
    {
        await Started("c1");
        var old = (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).Single();
        (await Store.ClaimDueAsync(The.Now + The.Lease - TimeSpan.FromTicks(1), The.Lease, 1, true, Ct)).ShouldBeEmpty();

        var current = (await Store.ClaimDueAsync(The.Now + The.Lease, The.Lease, 1, true, Ct)).Single();

        current.Lease.ShouldBeGreaterThan(old.Lease);
        (await Store.CommitAsync(old, The.Step(old.Handoff, "prepared"), Ct)).ShouldBeNull();
        (await Store.CommitAsync(current, The.Step(current.Handoff, "prepared"), Ct)).ShouldNotBeNull();
        (await Store.HistoryAsync(old.Handoff.Id, Ct)).Select(s => s.What).ShouldBe(["requested", "prepared"]);
    }

    [Fact]
    public async Task An_old_holder_cannot_give_back_what_another_holds()
    {
        await Started("c1");
        var old = (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).Single();
        var current = (await Store.ClaimDueAsync(The.Now + The.Lease, The.Lease, 1, true, Ct)).Single();

        await Store.ReleaseAsync(old, null, Ct);

        (await Store.ClaimDueAsync(The.Now + The.Lease, The.Lease, 1, true, Ct)).ShouldBeEmpty();
        (await Store.CommitAsync(current, The.Step(current.Handoff, "prepared"), Ct)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_claim_is_kept_over_commits_and_ends_with_its_release()
    {
        await Started("c1");
        var held = (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).Single();

        held = (await Store.CommitAsync(held, The.Step(held.Handoff, "prepared"), Ct)).ShouldNotBeNull();
        held = (await Store.CommitAsync(held, The.Step(held.Handoff, "briefed", h => h with { DueAt = The.In(5) }), Ct)).ShouldNotBeNull();
        held.Handoff.Version.ShouldBe(3);
        (await Store.ClaimDueAsync(The.In(6), The.Lease, 1, true, Ct)).ShouldBeEmpty();

        await Store.ReleaseAsync(held, null, Ct);

        (await Store.CommitAsync(held, The.Step(held.Handoff, "late"), Ct)).ShouldBeNull("the claim was given back");
        (await Store.ClaimDueAsync(The.In(4), The.Lease, 1, true, Ct)).ShouldBeEmpty();
        (await Store.ClaimDueAsync(The.In(5), The.Lease, 1, true, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task While_paused_nothing_new_is_begun_and_what_was_begun_goes_on()
    {
        await Started("new");
        await Started("begun", h => h with { State = HandoffState.Queued, Todo = Todo.Follow });

        (await Store.ClaimDueAsync(The.Now, The.Lease, 10, false, Ct)).Select(c => c.Handoff.ConversationId).ShouldBe(["begun"]);
        (await Store.NextDueAsync(false, Ct)).ShouldBe(The.Now + The.Lease);
        (await Store.NextDueAsync(true, Ct)).ShouldBe(The.Now);
    }

    [Fact]
    public async Task Of_a_person_and_a_runner_who_change_a_handoff_at_once_one_is_refused()
    {
        for (var i = 0; i < 30; i++)
        {
            var known = await Started($"c{i}");
            var held = (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).Single();

            var runner = Task.Run(() => Store.CommitAsync(held, The.Step(held.Handoff, "prepared"), Ct), Ct);
            var person = Task.Run(() => Store.CommitOverAsync(known, The.End(known, HandoffState.Canceled), Ct), Ct);

            ((await runner is not null) ^ await person).ShouldBeTrue();
            (await Store.FindHandoffAsync(known.Id, Ct))!.Version.ShouldBe(2);
            (await Store.HistoryAsync(known.Id, Ct)).Count.ShouldBe(2);
            if (await Store.FindHandoffAsync(known.Id, Ct) is { EndedAt: null } live) await Store.CommitOverAsync(live, The.End(live), Ct);
        }
    }

    [Fact]
    public async Task Who_commits_over_a_claim_takes_it_away()
    {
        var known = await Started("c1");
        var held = (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).Single();

        (await Store.CommitOverAsync(known, The.Step(known, "changed"), Ct)).ShouldBeTrue();

        var again = (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).Single();
        again.Lease.ShouldBeGreaterThan(held.Lease);
        (await Store.CommitAsync(held with { Handoff = again.Handoff }, The.Step(again.Handoff, "prepared"), Ct)).ShouldBeNull();
        (await Store.CommitOverAsync(known, The.Step(known, "changed"), Ct)).ShouldBeFalse("the version has moved on");
    }

    [Fact]
    public async Task The_next_due_is_the_earliest_that_could_be_claimed()
    {
        (await Store.NextDueAsync(true, Ct)).ShouldBeNull();
        await Started("late", h => h with { DueAt = The.In(20) });
        (await Store.NextDueAsync(true, Ct)).ShouldBe(The.In(20));
        await Started("soon", h => h with { DueAt = The.In(3) });
        (await Store.NextDueAsync(true, Ct)).ShouldBe(The.In(3));

        var held = (await Store.ClaimDueAsync(The.In(3), TimeSpan.FromSeconds(10), 1, true, Ct)).Single();
        (await Store.NextDueAsync(true, Ct)).ShouldBe(The.In(13), "a lease ends then");

        held = (await Store.CommitAsync(held, The.End(held.Handoff), Ct))!;
        (await Store.NextDueAsync(true, Ct)).ShouldBe(The.In(20), "what has ended is waited for no more");
    }

    [Fact]
    public async Task What_is_heard_of_a_conversation_makes_its_handoff_look_at_once()
    {
        var following = await Started("c1", h => h with { State = HandoffState.Queued, Todo = Todo.Follow, DueAt = The.In(30) });

        await Store.WakeAsync("c1", The.In(2), Ct);

        (await Store.NextDueAsync(true, Ct)).ShouldBe(The.In(2));
        (await Store.FindHandoffAsync(following.Id, Ct))!.DueAt.ShouldBe(The.In(2));
        (await Store.ClaimDueAsync(The.In(2), The.Lease, 1, true, Ct)).Single().Handoff.ShouldSatisfyAllConditions(
            h => h.Version.ShouldBe(following.Version),
            h => h.DueAt.ShouldBe(The.In(2)));
    }

    [Theory]
    [InlineData(Todo.Prepare)]
    [InlineData(Todo.SendTransfer)]
    [InlineData(Todo.SendMessage)]
    [InlineData(Todo.FindMessage)]
    public async Task Waking_does_not_hasten_what_is_no_look_for_the_conversation(Todo todo)
    {
        await Started("c1", h => h with { State = HandoffState.Queued, Todo = todo, DueAt = The.In(30) });

        await Store.WakeAsync("c1", The.Now, Ct);

        (await Store.NextDueAsync(true, Ct)).ShouldBe(The.In(30));
    }

    [Fact]
    public async Task What_is_heard_while_a_handoff_is_claimed_is_looked_at_after_its_release()
    {
        await Started("c1", h => h with { State = HandoffState.Queued, Todo = Todo.Follow });
        var held = (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).Single();

        await Store.WakeAsync("c1", The.In(1), Ct);
        held = (await Store.CommitAsync(held, The.Step(held.Handoff, "followed", h => h with { DueAt = The.In(30) }), Ct))!;
        await Store.ReleaseAsync(held, null, Ct);

        (await Store.NextDueAsync(true, Ct)).ShouldBe(The.In(1));
        held = (await Store.ClaimDueAsync(The.In(1), The.Lease, 1, true, Ct)).Single();
        held = (await Store.CommitAsync(held, The.Step(held.Handoff, "followed", h => h with { DueAt = The.In(31) }), Ct))!;
        await Store.ReleaseAsync(held, null, Ct);
        (await Store.NextDueAsync(true, Ct)).ShouldBe(The.In(31), "one look for one waking");
    }

    [Fact]
    public async Task The_history_tells_every_step_and_its_failure()
    {
        var handoff = await Started("c1");
        var delayed = The.Step(handoff, "delayed", h => h with { Failure = FailureKind.Unavailable, FailureSentence = "The platform answered 503." });
        await Store.CommitOverAsync(handoff, delayed, Ct);
        var prepared = The.Step(delayed.Handoff, "prepared", h => h with { Todo = Todo.Brief });
        await Store.CommitOverAsync(delayed.Handoff, prepared, Ct);

        (await Store.HistoryAsync(handoff.Id, Ct)).ShouldBe([
            new HandoffStep(handoff.Id, 1, The.Now, HandoffState.Requested, "requested", null),
            new HandoffStep(handoff.Id, 2, The.In(1), HandoffState.Requested, "delayed", "The platform answered 503."),
            new HandoffStep(handoff.Id, 3, The.In(2), HandoffState.Requested, "prepared", null),
        ]);
    }

    [Fact]
    public async Task A_step_keeps_the_calls_that_were_made_for_it()
    {
        VendorCall[] calls = [new(The.Now, "GET", "/api/v2/conversations/c1", 200, 12, "5d1c"), new(The.In(1), "POST", "/api/v2/conversations/c1/transfers", null, 10_000, null)];
        var handoff = await Started("c1");
        await Store.CommitOverAsync(handoff, The.Step(handoff, "transferReplyUnknown") with { Calls = calls }, Ct);

        var history = await Store.HistoryAsync(handoff.Id, Ct);
        history[0].Calls.ShouldBeEmpty();
        history[1].Calls.ShouldBe(calls);
    }

    [Fact]
    public async Task Handoffs_are_listed_from_new_to_old_page_by_page()
    {
        var ids = new List<HandoffId>();
        for (var i = 0; i < 7; i++) ids.Add((await Started($"c{i}")).Id);
        ids.Reverse();

        var first = await Store.ListHandoffsAsync(new HandoffFilter { Limit = 3 }, Ct);
        var second = await Store.ListHandoffsAsync(new HandoffFilter { Limit = 3, Before = first[^1].Id }, Ct);
        var third = await Store.ListHandoffsAsync(new HandoffFilter { Limit = 3, Before = second[^1].Id }, Ct);

        first.Concat(second).Concat(third).Select(h => h.Id).ShouldBe(ids);
        third.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Handoffs_are_listed_by_conversation_state_and_liveness()
    {
        var ended = await Started("c1");
        await Store.CommitOverAsync(ended, The.End(ended), Ct);
        var live = await Started("c1");
        var queued = await Started("c2", h => h with { State = HandoffState.Queued, Todo = Todo.Follow });

        (await Listed(new HandoffFilter { ConversationId = "c1" })).ShouldBe([live.Id, ended.Id]);
        (await Listed(new HandoffFilter { ConversationId = "c1", LiveOnly = true })).ShouldBe([live.Id]);
        (await Listed(new HandoffFilter { ConversationId = "c1", State = HandoffState.Completed })).ShouldBe([ended.Id]);
        (await Listed(new HandoffFilter { LiveOnly = true })).ShouldBe([queued.Id, live.Id]);
        (await Listed(new HandoffFilter { LiveOnly = true, State = HandoffState.Queued })).ShouldBe([queued.Id]);
        (await Listed(new HandoffFilter { State = HandoffState.Completed })).ShouldBe([ended.Id]);
        (await Listed(new HandoffFilter { ConversationId = "nobody" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Live_handoffs_are_listed_from_old_to_new_when_asked()
    {
        var (first, second, third) = (await Started("c1"), await Started("c2"), await Started("c3"));
        await Store.CommitOverAsync(second, The.End(second), Ct);

        (await Listed(new HandoffFilter { LiveOnly = true, OldestFirst = true })).ShouldBe([first.Id, third.Id]);
        (await Listed(new HandoffFilter { LiveOnly = true, OldestFirst = true, Limit = 1 })).ShouldBe([first.Id]);
    }

    [Fact]
    public async Task What_is_held_up_is_found_among_however_many_go_on()
    {
        var late = await Started("late", h => h with { DueAt = The.In(-120) });
        var vain = await Started("vain", h => h with { DueAt = The.In(300), Tries = 2 });
        var unconfirmed = await Started("unconfirmed", h => h with { State = HandoffState.Transferring, DueAt = The.In(300), ChangedAt = The.In(-180) });
        var ended = await Started("ended", h => h with { DueAt = The.In(-120), Tries = 5 });
        await Store.CommitOverAsync(ended, The.End(ended), Ct);
        for (var n = 0; n < 150; n++) await Started($"well-{n}", h => h with { State = n % 2 == 0 ? HandoffState.Queued : HandoffState.Transferring, DueAt = The.In(300), Tries = n % 2, ChangedAt = The.In(-30) });

        (await HeldUp(100)).ShouldBe([late.Id, vain.Id, unconfirmed.Id]);
        (await HeldUp(2)).ShouldBe([late.Id, vain.Id]);

        async Task<IEnumerable<HandoffId>> HeldUp(int limit) => (await Store.HeldUpAsync(The.In(-60), 2, The.In(-120), limit, Ct)).Select(h => h.Id);
    }

    [Fact]
    public async Task Every_field_of_a_handoff_comes_back_as_it_was()
    {
        var full = The.Handoff("c1") with
        {
            Plan = new HandoffPlan
            {
                Steps = [new RouteStep { Queue = "Billing", Skills = ["refunds", "german"], Language = "de", Priority = 8, MaxWait = TimeSpan.FromSeconds(90.5) }, new RouteStep { Queue = "All" }],
                LastResort = LastResort.Callback,
                Messages = new HandoffMessages { Transferring = "You are being transferred – \"now\".", StillLooking = "still", NobodyCame = "nobody", NotPossible = "not" },
                Limits = new HandoffLimits { Transfer = TimeSpan.FromMinutes(7) },
            },
            Origin = new HandoffOrigin("Ada", [new Reason("a", "A."), new Reason("b", "B.")], The.Policy) { RetryOf = The.Id() },
            State = HandoffState.WithAgent,
            Version = 9,
            ChangedAt = The.In(3),
            Todo = Todo.FindMessage,
            DueAt = The.In(4).AddTicks(1),
            Tries = 2,
            Step = 1,
            Intent = new TransferIntent("c1", 3, "leg", "queue", ["p1", "p2"], The.In(5)),
            QueueName = "Billing",
            CustomerParticipantId = "p1",
            SpeakingCommunicationId = "m1",
            IsBriefed = true,
            LeftLegId = "p0",
            GuestId = "guest-1",
            Welcome = "[guest] Hello.",
            IsExhausted = true,
            StepAt = The.In(6),
            Telling = new Telling(MessageKind.StillLooking, "still", 1, The.In(7)),
            ConfirmedAt = The.In(8),
            QueuedAt = The.In(9),
            AgentId = "agent",
            AgentName = "Ada",
            AgentAt = The.In(10),
            Failure = FailureKind.NobodyCame,
            FailureSentence = "Nobody came.",
        };
        // A field added to Handoff and forgotten here is found; EndedAt has its own test, because only an ended handoff may have it.
        foreach (var property in typeof(Handoff).GetProperties().Where(p => p.CanWrite && p.Name != nameof(Handoff.EndedAt)))
            property.GetValue(full).ShouldNotBe(property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null, property.Name);

        await Store.StartHandoffAsync(full, null, Ct);

        (await Store.FindHandoffAsync(full.Id, Ct)).ShouldBeSameAs(full);
    }

    [Fact]
    public async Task An_ended_handoff_keeps_the_instant_of_its_end_to_the_tick()
    {
        var handoff = await Started("c1");
        var end = The.End(handoff);
        await Store.CommitOverAsync(handoff, end, Ct);

        (await Store.FindHandoffAsync(handoff.Id, Ct)).ShouldBeSameAs(end.Handoff);
    }

    [Fact]
    public async Task An_ended_handoff_cannot_be_brought_back_to_life()
    {
        var handoff = await Started("c1");
        var end = The.End(handoff);
        await Store.CommitOverAsync(handoff, end, Ct);

        var revived = The.Step(end.Handoff, "revived", h => h with { State = HandoffState.Queued, EndedAt = null, Todo = Todo.Follow, DueAt = The.Now });
        await Should.ThrowAsync<StoreException>(() => Store.CommitOverAsync(end.Handoff, revived, Ct));

        (await Store.FindHandoffAsync(handoff.Id, Ct))!.State.ShouldBe(HandoffState.Completed);
        (await Store.HistoryAsync(handoff.Id, Ct)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_transition_that_says_nothing_new_is_no_commit()
    {
        var handoff = await Started("c1");

        await Should.ThrowAsync<ArgumentException>(() => Store.CommitOverAsync(handoff, new Transition(handoff) { Changed = false }, Ct));
    }

    [Fact]
    public async Task A_handoff_that_is_not_known_is_not_found()
    {
        (await Store.FindHandoffAsync(The.Id(), Ct)).ShouldBeNull();
        (await Store.HistoryAsync(The.Id(), Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Work_written_before_somebody_waits_ends_the_wait_at_once()
    {
        await Started("c1");

        await Store.WaitForWorkAsync(Ct).WaitAsync(TimeSpan.FromSeconds(100), TimeProvider.System, Ct);
    }

    [Fact]
    public async Task Work_written_while_somebody_waits_ends_the_wait()
    {
        var waiting = Store.WaitForWorkAsync(Ct);
        waiting.IsCompleted.ShouldBeFalse();

        await Started("c1");

        await waiting.WaitAsync(TimeSpan.FromSeconds(100), TimeProvider.System, Ct);
    }

    [Fact]
    public async Task Claiming_and_pausing_make_no_work()
    {
        await Store.ClaimDueAsync(The.Now, The.Lease, 10, true, Ct);
        await Store.PauseAsync(new Pause("Ada", The.Now, null), Ct);

        Store.WaitForWorkAsync(Ct).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_write_counts_as_pending_until_its_caller_is_answered()
    {
        Store.PendingWrites.ShouldBe(0);
        var start = Started("c1");
        await start;
        Store.PendingWrites.ShouldBe(0);

        var writes = Enumerable.Range(0, 50).Select(i => Started($"d{i}")).ToList();
        var seen = Store.PendingWrites;
        var unanswered = writes.Count(w => !w.IsCompleted);
        seen.ShouldBeGreaterThanOrEqualTo(unanswered);
        await Task.WhenAll(writes);
        Store.PendingWrites.ShouldBe(0);
    }

    protected async Task<Handoff> Started(string conversation, Func<Handoff, Handoff>? change = null)
    {
        var handoff = The.Handoff(conversation);
        var start = await Store.StartHandoffAsync(change?.Invoke(handoff) ?? handoff, null, Ct);
        start.Outcome.ShouldBe(StartOutcome.Started);
        return start.Handoff;
    }

    async Task<IEnumerable<HandoffId>> Listed(HandoffFilter filter) => (await Store.ListHandoffsAsync(filter, Ct)).Select(h => h.Id);
}
