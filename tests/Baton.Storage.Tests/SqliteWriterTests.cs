using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Baton.Storage.Tests;

/// <summary>
/// The writer's promises, shown without timing: another connection holds the file's lock, so that what is handed in meanwhile must wait and is seen to be one batch.
/// </summary>
public sealed class SqliteWriterTests : IAsyncLifetime
{
    readonly SqliteFolder folder = new();
    SqliteStore? opened;
    SqliteConnection? other;

    static CancellationToken Ct => TestContext.Current.CancellationToken;
    SqliteStore Store => opened!;

    public async ValueTask InitializeAsync()
    {
        opened = await SqliteStore.OpenAsync(folder.Database, new SqliteStoreOptions { BusyTimeout = TimeSpan.FromSeconds(30) }, Ct);
        other = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        await other.OpenAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        other!.Dispose();
        folder.Dispose();
    }

    void Lock() => Run("BEGIN IMMEDIATE");
    void Unlock() => Run("COMMIT");

    void Run(string sql)
    {
        using var command = other!.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [Fact]
    public async Task Writes_that_wait_for_a_commit_share_the_next()
    {
        Lock();
        var writes = Enumerable.Range(0, 64).Select(i => Store.StartHandoffAsync(The.Handoff($"c{i}"), null, Ct)).ToList();
        var before = Store.Commits;
        Unlock();
        await Task.WhenAll(writes);

        (Store.Commits - before).ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task Pending_writes_are_counted_exactly()
    {
        Lock();
        var writes = Enumerable.Range(0, 10).Select(i => Store.StartHandoffAsync(The.Handoff($"c{i}"), null, Ct)).ToList();

        Store.PendingWrites.ShouldBe(10);
        writes.ShouldAllBe(w => !w.IsCompleted);

        Unlock();
        await Task.WhenAll(writes);
        Store.PendingWrites.ShouldBe(0);
    }

    [Fact]
    public async Task A_write_canceled_before_it_began_is_not_written()
    {
        using var cancel = new CancellationTokenSource();
        Lock();
        var first = Store.StartHandoffAsync(The.Handoff("c1"), null, Ct);
        while (Store.Batches == 0) await Task.Yield();
        var second = Store.StartHandoffAsync(The.Handoff("c2"), null, cancel.Token);
        await cancel.CancelAsync();
        Unlock();

        (await first).Outcome.ShouldBe(StartOutcome.Started);
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        (await Store.ListHandoffsAsync(new HandoffFilter(), Ct)).Select(h => h.ConversationId).ShouldBe(["c1"]);
    }

    [Fact]
    public async Task A_write_that_fails_fails_its_caller_only()
    {
        Lock();
        var good = Store.StartHandoffAsync(The.Handoff("c1"), null, Ct);
        var bad = Store.FoldAsync(new ConversationFold(The.Conversation("c2"), [The.Turn("t1")]) { Start = The.Handoff("c2") with { Version = 0 } }, Ct);
        var alsoGood = Store.StartHandoffAsync(The.Handoff("c3"), null, Ct);
        Unlock();

        await good;
        await Should.ThrowAsync<StoreException>(() => bad);
        await alsoGood;
        (await Store.FindConversationAsync("c2", Ct)).ShouldBeNull();
        (await Store.ListHandoffsAsync(new HandoffFilter(), Ct)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task When_a_commit_fails_nobody_in_it_is_told_that_anything_was_written()
    {
        var session = new SqliteSession(folder.Database, TimeSpan.FromSeconds(30), new SqliteStoreOptions().LogLimit);
        await using var writer = new SqliteWriter(session, null, e => e, 100);
        // The rule is checked at the COMMIT, which then fails.
        const string Orphan = "PRAGMA defer_foreign_keys = ON; INSERT INTO handoff_step (handoff_id, version, at, state, what) VALUES ('nobody', 1, 1, 'Requested', 'x')";
        const string Seen = "INSERT INTO seen_event (id, at) VALUES (@id, 1)";
        // It waits at its BEGIN: both are in the one transaction.
        Lock();
        var told = false;
        var good = writer.WriteAsync(db => db.Execute(Seen, ("@id", "e1")), _ => told = true, Ct);
        var bad = writer.WriteAsync(db => { db.Run(Orphan); return 0; }, null, Ct);
        Unlock();

        await Should.ThrowAsync<SqliteException>(() => good);
        await Should.ThrowAsync<SqliteException>(() => bad);
        told.ShouldBeFalse();
        SqliteFolder.Scalar(folder.Database, "SELECT COUNT(*) FROM seen_event").ShouldBe(0L);
        (await writer.WriteAsync(db => db.Execute(Seen, ("@id", "e2")), null, Ct)).ShouldBe(1, "the writer goes on");
    }

    [Fact]
    public async Task Reads_do_not_wait_for_a_writer()
    {
        var started = await Store.StartHandoffAsync(The.Handoff("c1"), null, Ct);
        Lock();

        (await Store.FindHandoffAsync(started.Handoff.Id, Ct)).ShouldNotBeNull();

        Unlock();
    }

    [Fact]
    public async Task Who_holds_the_lock_too_long_is_named()
    {
        await using var hasty = await SqliteStore.OpenAsync(folder.Database, new SqliteStoreOptions { BusyTimeout = TimeSpan.FromMilliseconds(20) }, Ct);
        Lock();
        var nobody = await Should.ThrowAsync<StoreException>(() => hasty.PauseAsync(new Pause("Ada", The.Now, null), Ct));
        nobody.Message.ShouldContain("is locked by another process that is writing to it");
        Unlock();

        await hasty.TakeOwnershipAsync(OwnerProcess.Of(1, "http://localhost:8080")!, Ct);
        Lock();
        var owner = await Should.ThrowAsync<StoreException>(() => hasty.PauseAsync(new Pause("Ada", The.Now, null), Ct));
        owner.Message.ShouldContain("is locked by process 1 (http://localhost:8080)");
        Unlock();

        await hasty.PauseAsync(new Pause("Ada", The.Now, null), Ct);
    }

    [Fact]
    public async Task The_write_ahead_log_stays_small_also_while_the_trail_is_read()
    {
        var largest = 0L;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(chain => Task.Run(async () =>
        {
            for (var i = 0; i < 250; i++)
            {
                await Store.EnterAsync($"c{chain}", new AuditFactOf(new string('x', 4000)).Fact, Ct);
                if (i % 50 != 0) continue;
                await foreach (var entry in Store.ReadAuditAsync(null, Ct)) _ = entry;
                InterlockedMax(ref largest, new FileInfo(folder.Database + "-wal").Length);
            }
        }, Ct)));

        new FileInfo(folder.Database).Length.ShouldBeGreaterThan(16L << 20, "enough was written to matter");
        largest.ShouldBeLessThan(64L << 20);
    }

    [Fact]
    public async Task A_log_that_was_found_long_is_moved_into_the_file_beside_the_writer()
    {
        using var session = new SqliteSession(folder.Database, TimeSpan.FromSeconds(30), 64 << 20);
        await using var checkpoints = new SqliteCheckpoints(() => new SqliteSession(folder.Database, TimeSpan.FromSeconds(30), 64 << 20), logLimit: 64 << 20, logLength: 20 << 20);
        session.Execute("INSERT INTO seen_event (id, at) VALUES (@id, 1)", ("@id", new string('x', 1 << 20)));
        var before = new FileInfo(folder.Database).Length;

        checkpoints.AfterCommit(session);
        await checkpoints.Underway;

        new FileInfo(folder.Database).Length.ShouldBeGreaterThan(before + (1 << 20));
    }

    readonly record struct AuditFactOf(string Text)
    {
        public Baton.Core.Audit.AuditFact Fact => new(The.Now, "test", $"\"{Text}\"");
    }

    static void InterlockedMax(ref long largest, long value)
    {
        for (var seen = Volatile.Read(ref largest); seen < value;)
        {
            var was = Interlocked.CompareExchange(ref largest, value, seen);
            if (was == seen) return;
            seen = was;
        }
    }
}
