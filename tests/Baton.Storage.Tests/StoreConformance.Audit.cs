using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Storage.Tests;

public abstract partial class StoreConformance
{
    const string Marker = "my card is 4111-1111";

    [Fact]
    public async Task Every_change_of_a_handoff_is_entered_in_its_conversations_chain()
    {
        var handoff = await Started("c1");
        var held = (await Store.ClaimDueAsync(The.Now, The.Lease, 1, true, Ct)).Single();
        var intent = new TransferIntent("c1", 1, "leg-1", "queue-1", ["p1"], The.Now);
        held = (await Store.CommitAsync(held, The.Step(held.Handoff, "prepared", h => h with { State = HandoffState.Transferring, Intent = intent, Todo = Todo.FindTransfer }), Ct))!;
        await Store.CommitOverAsync(held.Handoff, The.End(held.Handoff), Ct);

        var entries = await Read(Store.ReadAuditAsync("c1", Ct));

        entries.Select(e => (e.Sequence, e.Kind, e.At)).ShouldBe([(1, "handoff.requested", The.Now), (2, "handoff.prepared", The.In(1)), (3, "owner.changed", The.In(2)), (4, "handoff.completed", The.In(2))]);
        entries[0].Facts.ShouldBe($$"""{"handoff":"{{handoff.Id}}","by":"policy","policy":{"name":"support","version":"3","hash":"0123456789ab"},"reasons":["askedForHuman"]}""");
        entries[1].Facts.ShouldBe($$"""{"handoff":"{{handoff.Id}}","state":"Transferring","version":2,"todo":"FindTransfer","step":0,"attempt":1,"leg":"leg-1","queue":"queue-1"}""");
        (await Store.AuditHeadsAsync(Ct)).ShouldBe([new AuditHead("c1", 4, entries[3].Hash)]);
    }

    [Fact]
    public async Task A_commit_that_is_refused_enters_nothing()
    {
        var handoff = await Started("c1");
        await Store.CommitOverAsync(handoff, The.Step(handoff, "prepared"), Ct);
        await Store.CommitOverAsync(handoff, The.Step(handoff, "prepared"), Ct);
        await Store.CommitAsync(new LeasedHandoff(handoff, 7, The.Now), The.Step(handoff, "prepared"), Ct);

        (await Read(Store.ReadAuditAsync("c1", Ct))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_the_customer_is_told_is_entered_as_its_kind_and_a_salted_hash()
    {
        var told = new List<AuditEntry>();
        foreach (var conversation in (string[])["c1", "c2"])
        {
            var handoff = await Started(conversation);
            var sent = The.Step(handoff, "messageSent", h => h with { Telling = new Telling(MessageKind.Transferring, Marker, 1, The.Now) });
            await Store.CommitOverAsync(handoff, sent, Ct);
            await Store.CommitOverAsync(sent.Handoff, The.Step(sent.Handoff, "customerTold"), Ct);
            told.AddRange(await Read(Store.ReadAuditAsync(conversation, Ct)));
        }

        var sentTwice = told.Where(e => e.Kind == "handoff.messageSent").ToList();
        sentTwice.ShouldAllBe(e => e.Facts.Contains("\"message\":\"Transferring\",\"messageHash\":\""));
        HashIn(sentTwice[0]).ShouldNotBe(HashIn(sentTwice[1]), "each conversation has its own salt");
        told.Where(e => e.Kind == "handoff.customerTold").ShouldAllBe(e => !e.Facts.Contains("messageHash"));

        static string HashIn(AuditEntry entry) => entry.Facts[entry.Facts.IndexOf("messageHash", StringComparison.Ordinal)..];
    }

    [Fact]
    public async Task A_decision_is_entered_with_its_outcome_reasons_policy_and_hash()
    {
        await Store.FoldAsync(new ConversationFold(The.Conversation("c1"), []) { Decision = The.Decision("c1", DecisionOutcome.Refused) }, Ct);

        var entry = (await Read(Store.ReadAuditAsync("c1", Ct))).ShouldHaveSingleItem();
        entry.Kind.ShouldBe("decision.recorded");
        entry.Facts.ShouldStartWith("""{"outcome":"Refused","reasons":["askedForHuman"],"policy":{"name":"support","version":"3","hash":"0123456789ab"},"hash":""");
    }

    [Fact]
    public async Task Nothing_that_was_said_is_in_the_audit_trail()
    {
        await Store.FoldAsync(new ConversationFold(The.Conversation("c1"), [The.Turn("t1", Marker)])
        {
            Decision = The.Decision("c1", sentence: $"The customer said \"{Marker}\"."),
            Start = The.Handoff("c1") with { Origin = new HandoffOrigin("policy", [new Reason("askedForHuman", Marker)], The.Policy) },
        }, Ct);
        var handoff = (await Store.ListHandoffsAsync(new HandoffFilter(), Ct)).Single();
        await Store.CommitOverAsync(handoff, The.Step(handoff, "delayed", h => h with
        {
            FailureSentence = Marker,
            Telling = new Telling(MessageKind.NotPossible, Marker, 1, The.Now),
        }), Ct);
        using var key = AuditKey.New();
        await Store.CheckpointAsync(key, The.Now, Ct);

        var dump = await DumpAuditAsync();
        dump.ShouldContain("c1");
        dump.ShouldNotContain(Marker);
        (await Store.FindConversationAsync("c1", Ct))!.Turns.Single().Text.ShouldBe(Marker, "the turn itself keeps it");
    }

    [Fact]
    public async Task Entries_are_read_by_chain_and_the_newest_over_all_chains()
    {
        for (var i = 0; i < 3; i++)
            foreach (var chain in (string[])["b", "a"]) await Store.EnterAsync(chain, new AuditFact(The.In(i), $"test.{i}", "{}"), Ct);

        (await Read(Store.ReadAuditAsync(null, Ct))).Select(e => $"{e.Chain}{e.Sequence}").ShouldBe(["a1", "a2", "a3", "b1", "b2", "b3"]);
        (await Read(Store.ReadAuditAsync("b", Ct))).Select(e => $"{e.Chain}{e.Sequence}").ShouldBe(["b1", "b2", "b3"]);
        (await Store.TailAuditAsync(3, Ct)).Select(e => $"{e.Chain}{e.Sequence}").ShouldBe(["a2", "b3", "a3"]);
    }

    [Fact]
    public async Task A_long_trail_is_read_whole()
    {
        await Task.WhenAll(Enumerable.Range(0, 2500).Select(i => Store.EnterAsync($"c{i % 3}", new AuditFact(The.Now, "test", "{}"), Ct)));

        (await Read(Store.ReadAuditAsync(null, Ct))).Count.ShouldBe(2500);
        (await AuditVerifier.VerifyAsync(Store, null, null, Ct)).ShouldSatisfyAllConditions(
            r => r.Problems.ShouldBeEmpty(), r => r.Entries.ShouldBe(2500), r => r.Chains.ShouldBe(3));
    }

    [Fact]
    public async Task A_trail_written_by_two_processes_at_once_is_sound_while_it_grows()
    {
        await using var other = await OpenAsync();
        var writing = Enumerable.Range(0, 400).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).EnterAsync($"c{i % 5}", new AuditFact(The.Now, "test", "{}"), Ct), Ct)).ToList();

        do (await AuditVerifier.VerifyAsync(Store, null, null, Ct)).Problems.ShouldBeEmpty();
        while (!writing.TrueForAll(w => w.IsCompleted));

        await Task.WhenAll(writing);
        (await AuditVerifier.VerifyAsync(other, null, null, Ct)).Entries.ShouldBe(400);
    }

    [Theory]
    [InlineData("UPDATE audit SET chain = 'b0' WHERE chain = 'b' AND sequence = 3", "b0", 3)]
    [InlineData("UPDATE audit SET sequence = 30 WHERE chain = 'b' AND sequence = 3", "b", 30)]
    [InlineData("UPDATE audit SET at = at + 1 WHERE chain = 'b' AND sequence = 3", "b", 3)]
    [InlineData("UPDATE audit SET kind = 'tesu' WHERE chain = 'b' AND sequence = 3", "b", 3)]
    [InlineData("UPDATE audit SET facts = '[}' WHERE chain = 'b' AND sequence = 3", "b", 3)]
    [InlineData("UPDATE audit SET previous = '0' || substr(previous, 2) || 'x' WHERE chain = 'b' AND sequence = 3", "b", 3)]
    [InlineData("UPDATE audit SET hash = substr(hash, 1, 63) || 'g' WHERE chain = 'b' AND sequence = 3", "b", 3)]
    [InlineData("DELETE FROM audit WHERE chain = 'b' AND sequence > 3", "b", 3)]
    [InlineData("DELETE FROM audit WHERE chain = 'b' AND sequence = 3", "b", 4)]
    [InlineData("DELETE FROM audit_head WHERE chain = 'b'", "b", 5)]
    [InlineData("UPDATE audit_head SET sequence = 4 WHERE chain = 'b'", "b", 5)]
    public async Task What_is_changed_in_the_database_is_found_and_named(string sql, string chain, long sequence)
    {
        foreach (var name in (string[])["a", "b", "c"])
            for (var i = 0; i < 5; i++) await Store.EnterAsync(name, new AuditFact(The.Now, "test", "{}"), Ct);
        (await AuditVerifier.VerifyAsync(Store, null, null, Ct)).IsSound.ShouldBeTrue();

        await TamperAsync(sql);

        (await AuditVerifier.VerifyAsync(Store, null, null, Ct)).Problems.ShouldContain(p => p.Chain == chain && p.Sequence == sequence);
    }

    [Fact]
    public async Task A_checkpoint_signs_what_moved_and_is_kept()
    {
        using var key = AuditKey.New();
        (await Store.CheckpointAsync(key, The.Now, Ct)).ShouldBeNull("there is nothing to sign");
        foreach (var chain in (string[])["b", "a", "B"]) await Store.EnterAsync(chain, new AuditFact(The.Now, "test", "{}"), Ct);

        var first = (await Store.CheckpointAsync(key, The.In(1), Ct)).ShouldNotBeNull();
        (await Store.CheckpointAsync(key, The.In(2), Ct)).ShouldBeNull("nothing has moved");
        await Store.EnterAsync("a", new AuditFact(The.Now, "test", "{}"), Ct);
        var second = (await Store.CheckpointAsync(key, The.In(3), Ct)).ShouldNotBeNull();

        first.Heads.Count.ShouldBe(3);
        second.Heads.Select(h => (h.Chain, h.Sequence)).ShouldBe([("a", 2L)]);
        (await Read(Store.CheckpointsAsync(Ct))).ShouldBeSameAs(new[] { first, second });
        (await AuditVerifier.VerifyAsync(Store, key, first.Mark, Ct)).ShouldSatisfyAllConditions(r => r.Problems.ShouldBeEmpty(), r => r.Last.ShouldBe(second.Mark));
    }

    [Fact]
    public async Task Checkpoints_asked_for_at_once_make_one_row()
    {
        using var key = AuditKey.New();
        await using var other = await OpenAsync();
        await Store.EnterAsync("a", new AuditFact(The.Now, "test", "{}"), Ct);

        var made = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).CheckpointAsync(key, The.Now, Ct), Ct)));

        made.Count(c => c is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_chain_cut_off_with_its_head_is_found_by_the_checkpoint()
    {
        using var key = AuditKey.New();
        for (var i = 0; i < 5; i++) await Store.EnterAsync("a", new AuditFact(The.Now, "test", "{}"), Ct);
        await Store.CheckpointAsync(key, The.Now, Ct);

        await TamperAsync("DELETE FROM audit WHERE sequence > 3; UPDATE audit_head SET sequence = 3, hash = (SELECT hash FROM audit WHERE sequence = 3)");

        (await AuditVerifier.VerifyAsync(Store, key, null, Ct)).Problems.Select(p => (p.Kind, p.Chain, p.Sequence)).ShouldBe([(AuditProblemKind.CutOff, "a", 5L)]);
    }

    [Fact]
    public async Task An_exported_trail_verifies_without_the_store()
    {
        using var key = AuditKey.New();
        foreach (var chain in (string[])["a", "b"])
            for (var i = 0; i < 3; i++) await Store.EnterAsync(chain, new AuditFact(The.Now, "test", "{}"), Ct);
        await Store.CheckpointAsync(key, The.Now, Ct);
        var file = new StringWriter();
        await AuditFile.ExportAsync(Store, file, Ct);

        using var publicKey = AuditKey.FromPem(key.PublicPem);
        var sound = await AuditFile.VerifyAsync(new StringReader(file.ToString()), publicKey, null, Ct);
        sound.ShouldSatisfyAllConditions(r => r.Problems.ShouldBeEmpty(), r => r.Entries.ShouldBe(6), r => r.Checkpoints.ShouldBe(1));

        var lines = file.ToString().TrimEnd().Split('\n');
        var cut = await AuditFile.VerifyAsync(new StringReader(string.Join('\n', lines[..^1])), publicKey, null, Ct);
        cut.Problems.ShouldContain(p => p.Kind == AuditProblemKind.CutOff && p.Chain == "b" && p.Sequence == 2);
    }

    [Fact]
    public async Task An_erased_customers_texts_are_gone_and_the_trail_still_verifies()
    {
        using var key = AuditKey.New();
        var conversation = The.Conversation("c1") with { Attributes = new Dictionary<string, string> { ["card"] = Marker }, GuestId = Marker };
        conversation = conversation with { Participants = [conversation.Participants[0] with { Name = Marker }] };
        var start = await Store.FoldAsync(new ConversationFold(conversation, [The.Turn("t1", Marker), The.Turn("t2", Marker)])
        {
            Decision = The.Decision("c1", sentence: Marker),
            Start = The.Handoff("c1") with { Origin = new HandoffOrigin("policy", [new Reason("askedForHuman", Marker)], The.Policy) },
        }, Ct);
        var told = The.Step(start!.Handoff, "delayed", h => h with { FailureSentence = Marker, GuestId = Marker, Welcome = Marker, Telling = new Telling(MessageKind.NotPossible, Marker, 1, The.Now) });
        await Store.CommitOverAsync(start.Handoff, told, Ct);
        await Store.CheckpointAsync(key, The.Now, Ct);
        (await Store.EraseAsync("c1", "Ada", The.In(9), Ct)).ShouldBe(EraseOutcome.HandoffIsLive);
        await Store.CommitOverAsync(told.Handoff, The.End(told.Handoff), Ct);

        (await Store.EraseAsync("c1", "Ada", The.In(9), Ct)).ShouldBe(EraseOutcome.Erased);

        var erased = (await Store.FindConversationAsync("c1", Ct))!;
        erased.Turns.Select(t => (t.Id, t.Text)).ShouldBe([("t1", ""), ("t2", "")]);
        erased.Attributes.ShouldBeEmpty();
        erased.GuestId.ShouldBeNull();
        erased.Participants.Single().Name.ShouldBeNull();
        (await Store.ListDecisionsAsync("c1", Ct)).Single().Json.ShouldBe("{}");
        var handoff = (await Store.FindHandoffAsync(told.Handoff.Id, Ct))!;
        handoff.Origin.Reasons.ShouldBe([new Reason("askedForHuman", "")]);
        handoff.Telling!.Text.ShouldBeEmpty();
        handoff.FailureSentence.ShouldBeNull();
        (await Store.HistoryAsync(handoff.Id, Ct)).ShouldAllBe(s => s.Note == null);
        (await Store.TailAuditAsync(1, Ct)).Single().ShouldSatisfyAllConditions(e => e.Kind.ShouldBe("customer.erased"), e => e.Facts.ShouldBe("""{"by":"Ada"}"""));
        (await AuditVerifier.VerifyAsync(Store, key, null, Ct)).Problems.ShouldBeEmpty();
        await AssertNowhereAsync(Marker);
    }

    [Fact]
    public async Task What_is_not_known_cannot_be_erased()
    {
        (await Store.EraseAsync("nobody", "Ada", The.Now, Ct)).ShouldBe(EraseOutcome.NotKnown);
        (await Store.AuditHeadsAsync(Ct)).ShouldBeEmpty();
    }

    /// <summary>That no byte of the text is left in the database, as far as one can look.</summary>
    protected abstract Task AssertNowhereAsync(string text);

    static async Task<List<T>> Read<T>(IAsyncEnumerable<T> rows)
    {
        var all = new List<T>();
        await foreach (var row in rows) all.Add(row);
        return all;
    }
}
