using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Audit;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_key_is_found_by_every_process_until_it_is_revoked()
    {
        await using var other = await OpenAsync();
        var (key, token) = ApiKey.New("shop bot", Role.Bot, The.Now);
        await Store.CreateKeyAsync(key, "Ada", Ct);
        var found = (await other.FindKeyAsync(key.Id, Ct)).ShouldNotBeNull();
        found.ShouldBe(key);
        found.Opens(token).ShouldBeTrue();
        found.Opens(token + "x").ShouldBeFalse();
        (await other.FindKeyAsync("none", Ct)).ShouldBeNull();

        (await other.RevokeKeyAsync(key.Id, "Bob", The.In(5), Ct)).ShouldBeTrue();
        (await Store.RevokeKeyAsync(key.Id, "Ada", The.In(6), Ct)).ShouldBeFalse("it is revoked already");
        (await Store.RevokeKeyAsync("none", "Ada", The.In(6), Ct)).ShouldBeFalse();
        var revoked = (await Store.ListKeysAsync(Ct)).ShouldHaveSingleItem();
        revoked.RevokedAt.ShouldBe(The.In(5));
        revoked.Opens(token).ShouldBeFalse();
        (await Store.TailAuditAsync(10, Ct)).Select(e => (e.Chain, e.Kind, e.Facts)).ShouldBe([
            ("system", "key.created", $$"""{"key":"{{key.Id}}","name":"shop bot","role":"Bot","by":"Ada"}"""),
            ("system", "key.revoked", $$"""{"key":"{{key.Id}}","name":"shop bot","role":"Bot","by":"Bob"}"""),
        ]);
    }

    [Fact]
    public async Task A_keys_last_use_is_noted_once_a_minute()
    {
        var (key, _) = ApiKey.New("desk", Role.Agent, The.Now);
        await Store.CreateKeyAsync(key, "Ada", Ct);
        foreach (var (used, noted) in ((double, double)[])[(1, 1), (30, 1), (60.9, 1), (61, 61), (50, 61)])
        {
            await Store.UsedKeyAsync(key.Id, The.In(used), Ct);
            (await Store.FindKeyAsync(key.Id, Ct))!.LastUsedAt.ShouldBe(The.In(noted), $"used at {used}");
        }
    }

    [Fact]
    public async Task A_session_is_found_by_every_process_until_it_is_ended()
    {
        await using var other = await OpenAsync();
        var (begun, token) = Session.New("Lea Lind", Role.Agent, The.Now);
        var session = begun with { UserId = "u1" };
        (await Store.BeginSessionAsync(session, Ct)).ShouldBeTrue();
        var found = (await other.FindSessionAsync(session.Id, Ct)).ShouldNotBeNull();
        found.ShouldBe(session);
        found.Opens(token, The.Now.AddHours(12).AddTicks(-1)).ShouldBeTrue();
        found.Opens(token, The.Now.AddHours(12)).ShouldBeFalse("it has expired");
        found.Opens(token + "x", The.Now).ShouldBeFalse();
        Session.IdOf(token).ShouldBe(session.Id);
        ApiKey.IdOf(token).ShouldBeNull("it is no key");
        foreach (var (used, noted) in ((double, double)[])[(1, 1), (30, 1), (61, 61), (50, 61)])
        {
            await Store.UsedSessionAsync(session.Id, The.In(used), Ct);
            (await other.FindSessionAsync(session.Id, Ct))!.LastUsedAt.ShouldBe(The.In(noted), $"used at {used}");
        }
        (await other.EndSessionAsync(session.Id, "Ada", The.In(70), Ct)).ShouldBeTrue();
        (await Store.EndSessionAsync(session.Id, "Ada", The.In(71), Ct)).ShouldBeFalse("it has ended already");
        (await Store.FindSessionAsync(session.Id, Ct)).ShouldBeNull();
        (await Store.TailAuditAsync(10, Ct)).Select(e => (e.Chain, e.Kind, e.Facts)).ShouldBe([
            ("system", "session.begun", $$"""{"session":"{{session.Id}}","name":"Lea Lind","role":"Agent","user":"u1","by":"Lea Lind"}"""),
            ("system", "session.ended", $$"""{"session":"{{session.Id}}","name":"Lea Lind","role":"Agent","user":"u1","by":"Ada"}"""),
        ]);
        await AssertNowhereAsync(token);
    }

    [Fact]
    public async Task A_key_takes_its_sessions_with_it_and_none_begins_with_one_that_is_revoked()
    {
        var (key, _) = ApiKey.New("Sue", Role.Supervisor, The.Now);
        await Store.CreateKeyAsync(key, "Ada", Ct);
        Session[] mine = [.. Enumerable.Range(0, 3).Select(i => Session.New("Sue", Role.Supervisor, The.In(i)).Session with { KeyId = key.Id })];
        foreach (var session in mine) (await Store.BeginSessionAsync(session, Ct)).ShouldBeTrue();
        var another = Session.New("Lea", Role.Agent, The.In(3)).Session;
        await Store.BeginSessionAsync(another, Ct);
        (await Store.ListSessionsAsync(The.In(4), Ct)).ShouldBe([.. mine, another]);
        (await Store.ListSessionsAsync(mine[1].ExpiresAt, Ct)).ShouldBe([mine[2], another]);

        (await Store.RevokeKeyAsync(key.Id, "Ada", The.In(5), Ct)).ShouldBeTrue();
        (await Store.ListSessionsAsync(The.In(5), Ct)).ShouldBe([another]);
        (await Store.TailAuditAsync(3, Ct)).ShouldAllBe(e => e.Kind == "session.ended");
        (await Store.BeginSessionAsync(Session.New("Sue", Role.Supervisor, The.In(6)).Session with { KeyId = key.Id }, Ct)).ShouldBeFalse("the key is revoked");
        (await Store.BeginSessionAsync(Session.New("Sue", Role.Supervisor, The.In(6)).Session with { KeyId = "none" }, Ct)).ShouldBeFalse("there is no such key");

        // What has expired is forgotten when the next one begins.
        await Store.BeginSessionAsync(Session.New("Bob", Role.Admin, another.ExpiresAt).Session, Ct);
        (await Store.FindSessionAsync(another.Id, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_conversation_is_the_first_bots_however_many_want_it_at_once()
    {
        await using var other = await OpenAsync();
        (await Store.BotOfAsync("c1", Ct)).ShouldBeNull();
        var owners = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).ClaimForBotAsync("c1", $"bot {i}", Ct), Ct)));
        owners.Distinct().ShouldHaveSingleItem().ShouldBe(await Store.BotOfAsync("c1", Ct));
    }

    [Fact]
    public async Task An_answer_is_kept_for_a_day_the_first_one_under_its_key_and_not_forever()
    {
        var first = new KeptAnswer("Sue", "k1", "f1", 202, "application/json", "{}", The.Now) { ConversationId = "c1" };
        await Store.KeepAnswerAsync(first, Ct);
        await Store.KeepAnswerAsync(first with { Status = 400, Fingerprint = "f2" }, Ct);
        await Store.KeepAnswerAsync(first with { Caller = "Bob", Body = "" }, Ct);
        (await Store.FindAnswerAsync("Sue", "k1", Ct)).ShouldBe(first);
        (await Store.FindAnswerAsync("Bob", "k1", Ct))!.Body.ShouldBe("");
        (await Store.FindAnswerAsync("Sue", "k2", Ct)).ShouldBeNull();

        await Store.KeepAnswerAsync(first with { Key = "k2", At = The.Now.AddHours(25) }, Ct);
        (await Store.FindAnswerAsync("Sue", "k1", Ct)).ShouldNotBeNull();
        await Store.KeepAnswerAsync(first with { Key = "k3", At = The.Now.AddDays(4) }, Ct);
        (await Store.FindAnswerAsync("Sue", "k1", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Erasing_a_customer_takes_the_answers_that_may_quote_them()
    {
        const string Said = "a-word-of-the-customer";
        await Store.FoldAsync(new ConversationFold(The.Conversation("c1"), [The.Turn("t1")]), Ct);
        await Store.KeepAnswerAsync(new KeptAnswer("Sue", "k1", "f", 200, "application/json", $"\"{Said}\"", The.Now) { ConversationId = "c1" }, Ct);
        await Store.KeepAnswerAsync(new KeptAnswer("Sue", "k2", "f", 200, "application/json", "{}", The.Now) { ConversationId = "c2" }, Ct);
        (await Store.EraseAsync("c1", "Ada", The.In(1), Ct)).ShouldBe(EraseOutcome.Erased);
        (await Store.FindAnswerAsync("Sue", "k1", Ct)).ShouldBeNull();
        (await Store.FindAnswerAsync("Sue", "k2", Ct)).ShouldNotBeNull();
        await AssertNowhereAsync(Said);
    }

    [Fact]
    public async Task The_trail_is_read_on_from_a_number_over_all_chains_and_by_signal()
    {
        (await Store.LastAuditNumberAsync(Ct)).ShouldBe(0);
        foreach (var chain in (string[])["a", "b", "a", "c"]) await Store.EnterAsync(chain, new AuditFact(The.Now, "test.entered", "{}"), Ct);
        var all = await Store.ReadAuditAfterAsync(0, 10, Ct);
        all.Select(e => $"{e.Entry.Chain}{e.Entry.Sequence}").ShouldBe(["a1", "b1", "a2", "c1"]);
        all.Select(e => e.Number).ShouldBeInOrder(SortDirection.Ascending);
        (await Store.LastAuditNumberAsync(Ct)).ShouldBe(all[^1].Number);
        (await Store.ReadAuditAfterAsync(all[0].Number, 2, Ct)).ShouldBe([all[1], all[2]]);
        (await Store.ReadAuditAfterAsync(all[^1].Number, 2, Ct)).ShouldBeEmpty();

        await Store.WaitForAuditAsync(Ct);
        var next = Store.WaitForAuditAsync(Ct);
        next.IsCompleted.ShouldBeFalse();
        await Store.EnterAsync("d", new AuditFact(The.Now, "test.entered", "{}"), Ct);
        await next;
        (await Store.ReadAuditAfterAsync(all[^1].Number, 2, Ct)).Single().Entry.Chain.ShouldBe("d");
    }

    [Fact]
    public async Task Conversations_come_by_page_also_those_that_began_at_the_same_instant()
    {
        foreach (var id in (string[])["c3", "c1", "c5", "c2", "c4"])
            await Store.FoldAsync(new ConversationFold(The.Conversation(id) with { EndedAt = id is "c2" or "c4" ? The.In(9) : null }, []), Ct);
        var seen = new List<string>();
        ConversationMark? before = null;
        while (await Store.ListConversationsAsync(new ConversationFilter { Before = before, Limit = 2 }, Ct) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(c => c.Id));
            before = new ConversationMark(page[^1].StartedAt, page[^1].Id);
        }
        seen.ShouldBe(["c5", "c4", "c3", "c2", "c1"]);
        (await Store.ListConversationsAsync(new ConversationFilter { Ended = true }, Ct)).Select(c => c.Id).ShouldBe(["c4", "c2"]);
        (await Store.ListConversationsAsync(new ConversationFilter { Ended = false }, Ct)).Select(c => c.Id).ShouldBe(["c5", "c3", "c1"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("c2")]
    public async Task Handoffs_are_found_by_queue_and_time_of_request(string? conversation)
    {
        foreach (var c in (string[])["c1", "c2"]) await Store.StartHandoffAsync(The.Handoff(c), null, Ct);
        var queued = (await Store.ClaimDueAsync(The.Now, The.Lease, 10, true, Ct)).Single(h => h.Handoff.ConversationId == "c2");
        await Store.CommitAsync(queued, The.Step(queued.Handoff, "transferConfirmed", h => h with
        {
            QueueName = "Billing (Munich)",
            ConfirmedAt = The.In(2),
            AgentAt = The.In(4.5),
            Intent = new TransferIntent("c2", 1, "leg", "queue-7", [], The.Now),
        }), Ct);
        foreach (var name in (string[])["Billing", "Billing (Munich)", "queue-7"])
            (await Store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation, Queue = name }, Ct)).ShouldContain(h => h.Id == queued.Handoff.Id, name);
        (await Store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation, Queue = "queue-7", LiveOnly = true }, Ct)).ShouldHaveSingleItem();
        (await Store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation, Queue = "Support" }, Ct)).ShouldBeEmpty();
        (await Store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation, Since = The.Now }, Ct)).ShouldNotBeEmpty();
        (await Store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation, Since = The.In(0.1) }, Ct)).ShouldBeEmpty();

        var times = await Store.HandoffTimesAsync(The.Now, 10, Ct);
        times.ShouldBe([
            new HandoffTimes(HandoffState.Requested, "Billing (Munich)", The.Now, The.In(2), The.In(4.5), null),
            new HandoffTimes(HandoffState.Requested, "Billing", The.Now, null, null, null),
        ]);
        HandoffReport.Of(The.Now, times).TimeToAgent!.P95.ShouldBe(4.5);
        (await Store.HandoffTimesAsync(The.In(1), 10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deliveries_come_by_page()
    {
        await Store.StartHandoffAsync(The.Handoff("c1"), null, Ct);
        var known = (await Store.ListHandoffsAsync(new HandoffFilter(), Ct)).Single();
        await Store.CommitOverAsync(known, The.End(known) with { Deliveries = [.. Enumerable.Range(1, 5).Select(i => Delivery.New($"de_{i}", "crm", "c1", "handoff_ended", "{}", The.Now))] }, Ct);
        (await Store.ListDeliveriesAsync(new DeliveryFilter { Limit = 2 }, Ct)).Select(d => d.Id).ShouldBe(["de_5", "de_4"]);
        (await Store.ListDeliveriesAsync(new DeliveryFilter { Limit = 2, Before = "de_4" }, Ct)).Select(d => d.Id).ShouldBe(["de_3", "de_2"]);
        (await Store.ListDeliveriesAsync(new DeliveryFilter { Before = "de_1" }, Ct)).ShouldBeEmpty();
    }
}
