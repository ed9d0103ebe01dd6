using System.Diagnostics;
using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Storage.Sqlite;

namespace Baton.Storage.Tests;

/// <summary>What can be wrong with the file, its disk or the machine's SQLite: each has a sentence, and none is acknowledged as written.</summary>
public sealed class SqliteFileTests : IDisposable
{
    readonly SqliteFolder folder = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    Task<SqliteStore> OpenAsync(SqliteStoreOptions? options = null) => SqliteStore.OpenAsync(folder.Database, options, Ct);

    Task<StoreException> RefusedAsync() => Should.ThrowAsync<StoreException>(async () => await (await OpenAsync()).DisposeAsync());

    [Fact]
    public async Task What_was_written_is_there_after_the_next_start()
    {
        HandoffId id;
        await using (var store = await OpenAsync()) id = (await store.StartHandoffAsync(The.Handoff("c1"), "key", Ct)).Handoff.Id;

        await using var again = await OpenAsync();
        (await again.FindHandoffAsync(id, Ct)).ShouldNotBeNull();
        (await again.StartHandoffAsync(The.Handoff("c1"), "key", Ct)).Outcome.ShouldBe(StartOutcome.SameRequest);
    }

    [Fact]
    public async Task A_store_in_memory_does_what_one_in_a_file_does()
    {
        await using var store = await SqliteStore.OpenAsync(":memory:", null, Ct);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            var start = await store.StartHandoffAsync(The.Handoff($"c{i}"), null, Ct);
            (await store.FindHandoffAsync(start.Handoff.Id, Ct)).ShouldNotBeNull();
        }, Ct)));

        (await store.ClaimDueAsync(The.Now, The.Lease, 100, true, Ct)).Count.ShouldBe(50);
        (await AuditVerifier.VerifyAsync(store, null, null, Ct)).ShouldSatisfyAllConditions(r => r.Problems.ShouldBeEmpty(), r => r.Entries.ShouldBe(50));
        store.PendingWrites.ShouldBe(0);
    }

    [Fact]
    public async Task Many_may_open_a_new_file_at_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync()));
        foreach (var store in stores) await store.PauseAsync(new Pause("Ada", The.Now, null), Ct);
        foreach (var store in stores) await store.DisposeAsync();

        SqliteFolder.Scalar(folder.Database, "SELECT COUNT(*) FROM schema_version").ShouldBe((long)SqliteSchema.Newest);
    }

    [Fact]
    public async Task Only_its_owner_may_read_the_file()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var store = await OpenAsync();
        await store.PauseAsync(new Pause("Ada", The.Now, null), Ct);

        var files = Directory.GetFiles(folder.Path);
        files.Length.ShouldBeGreaterThan(1);
        foreach (var file in files) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public async Task A_file_of_a_newer_Baton_is_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        SqliteFolder.Scalar(folder.Database, "INSERT INTO schema_version (number, name) VALUES (99, 'future')");

        (await RefusedAsync()).Message.ShouldContain("was written by a newer Baton (schema 99");
    }

    [Fact]
    public async Task A_file_of_another_program_is_left_alone()
    {
        SqliteFolder.Scalar(folder.Database, "CREATE TABLE bookmarks (url TEXT)");

        (await RefusedAsync()).Message.ShouldContain("is a SQLite file of another program");
        SqliteFolder.Scalar(folder.Database, "SELECT COUNT(*) FROM sqlite_schema").ShouldBe(1L);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        await File.WriteAllTextAsync(folder.Database, new string('x', 10_000), Ct);

        (await RefusedAsync()).Message.ShouldContain("is damaged or is no SQLite file");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named() =>
        (await Should.ThrowAsync<StoreException>(() => SqliteStore.OpenAsync(Path.Combine(folder.Path, "nowhere", "baton.db"), null, Ct))).Message.ShouldContain("check that its folder exists");

    [Fact]
    public async Task Damage_inside_the_file_is_named_when_it_is_met()
    {
        await (await OpenAsync()).DisposeAsync();
        var empty = new FileInfo(folder.Database).Length;
        await using (var store = await OpenAsync())
            for (var i = 0; i < 200; i++) await store.StartHandoffAsync(The.Handoff($"c{i}"), null, Ct);
        await using (var file = new FileStream(folder.Database, FileMode.Open))
        {
            // All but the schema and the first page of each table.
            file.Position = empty;
            file.Write(Enumerable.Repeat((byte)0xAB, (int)(file.Length - file.Position)).ToArray());
        }

        await using var damaged = await OpenAsync();
        var fault = await Should.ThrowAsync<StoreException>(async () =>
        {
            await foreach (var entry in damaged.ReadAuditAsync(null, Ct)) _ = entry;
            await damaged.ListHandoffsAsync(new HandoffFilter { Limit = 1000 }, Ct);
        });
        fault.Message.ShouldContain("is damaged");
    }

    [Fact]
    public async Task A_file_that_has_reached_its_limit_refuses_and_keeps_what_it_acknowledged()
    {
        await using var store = await OpenAsync(new SqliteStoreOptions { PageLimit = 96 });

        var acknowledged = await FillAsync(store);

        (await store.ListHandoffsAsync(new HandoffFilter { Limit = 10_000 }, Ct)).Select(h => h.Id).ShouldBe(acknowledged, ignoreOrder: true);
        (await AuditVerifier.VerifyAsync(store, null, null, Ct)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_disk_refuses_and_the_store_goes_on_when_there_is_space_again()
    {
        using var disk = SmallDisk.Mount(folder.Path, "3m");
        var filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[1 << 20], Ct);
        await using var store = await SqliteStore.OpenAsync(Path.Combine(disk.Path, "baton.db"), null, Ct);

        var acknowledged = await FillAsync(store);
        (await store.ListHandoffsAsync(new HandoffFilter { Limit = 10_000 }, Ct)).Select(h => h.Id).ShouldBe(acknowledged, ignoreOrder: true);

        (await store.CheckAsync(Ct)).Trouble.ShouldNotBeNull().ShouldContain("is full");
        File.Delete(filler);
        (await store.CheckAsync(Ct)).ShouldBe(new StoreCondition(null, null));
        acknowledged.Add((await store.StartHandoffAsync(The.Handoff("after"), null, Ct)).Handoff.Id);

        (await store.ListHandoffsAsync(new HandoffFilter { Limit = 10_000 }, Ct)).Select(h => h.Id).ShouldBe(acknowledged, ignoreOrder: true);
        (await AuditVerifier.VerifyAsync(store, null, null, Ct)).Problems.ShouldBeEmpty();
        SqliteFolder.Scalar(Path.Combine(disk.Path, "baton.db"), "PRAGMA integrity_check").ShouldBe("ok");
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_says_so_and_is_written_again_when_it_can_be()
    {
        using var disk = SmallDisk.Mount(folder.Path, "8m");
        await using var store = await SqliteStore.OpenAsync(Path.Combine(disk.Path, "baton.db"), null, Ct);
        await store.PauseAsync(new Pause("Ada", The.Now, null), Ct);
        // A mount with files open for writing cannot be made read-only, so the file is made so for a store that opens it anew.
        await store.DisposeAsync();
        disk.MakeReadOnly();

        var fault = await Should.ThrowAsync<StoreException>(async () =>
        {
            await using var readOnly = await SqliteStore.OpenAsync(Path.Combine(disk.Path, "baton.db"), null, Ct);
            await readOnly.PauseAsync(new Pause("Ada", The.Now, null), Ct);
        });
        fault.Message.ShouldContain("write");
        fault.Message.ShouldContain(disk.Path);

        disk.MakeWritable();
        await using var again = await SqliteStore.OpenAsync(Path.Combine(disk.Path, "baton.db"), null, Ct);
        await again.PauseAsync(new Pause("Bob", The.Now, null), Ct);
    }

    [Fact]
    public async Task A_log_that_a_reader_keeps_from_being_emptied_is_told_of_until_the_reader_ends()
    {
        await using var store = await OpenAsync(new SqliteStoreOptions { LogLimit = 8 << 20 });
        (await store.CheckAsync(Ct)).ShouldBe(new StoreCondition(null, null));
        await GrowAsync(store, "before");
        // A checkpoint within reach: the log begins again from its start and does not grow for ever.
        (await store.CheckAsync(Ct)).Warning.ShouldBeNull();

        using (var reader = new SqliteSession(folder.Database, TimeSpan.FromSeconds(1), 8 << 20))
        {
            reader.Run("BEGIN");
            reader.First("SELECT COUNT(*) FROM handoff", row => row.GetInt64(0));
            await GrowAsync(store, "while");
            var condition = await store.CheckAsync(Ct);
            condition.Trouble.ShouldBeNull();
            condition.Warning.ShouldNotBeNull().ShouldContain("keeps it from being emptied");
        }
        await GrowAsync(store, "after");
        (await store.CheckAsync(Ct)).ShouldBe(new StoreCondition(null, null));

        // Some eleven megabytes of log, in commits of a megabyte.
        static async Task GrowAsync(SqliteStore store, string name)
        {
            for (var round = 0; round < 12; round++)
                await Task.WhenAll(Enumerable.Range(0, 30).Select(i => store.EnterAsync($"{name} {i}", new AuditFact(The.Now, "test.grown", new string('x', 30_000)), Ct)));
        }
    }

    [Fact]
    public void A_machine_without_SQLite_is_told_what_to_install() =>
        Should.Throw<StoreException>(() => SqliteLibrary.Find(["libnot-there.so.0"])).Message.ShouldContain(OperatingSystem.IsLinux() ? "apt-get install libsqlite3-0" : "update");

    [Fact]
    public void A_SQLite_that_is_too_old_is_told_of()
    {
        Should.Throw<StoreException>(() => SqliteLibrary.Check(3_035_005, "3.35.5")).Message.ShouldContain("SQLite 3.35.5 is too old");
        SqliteLibrary.Check(3_037_000, "3.37.0");
    }

    /// <summary>Starts handoffs, many at once, until nothing goes in any more; answers those that were acknowledged.</summary>
    static async Task<List<HandoffId>> FillAsync(SqliteStore store)
    {
        var acknowledged = new List<HandoffId>();
        for (var round = 0; ; round++)
        {
            var starts = Enumerable.Range(0, 20).Select(i => store.StartHandoffAsync(The.Handoff($"r{round}c{i}"), null, Ct)).ToList();
            await Task.WhenAll(starts).ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);
            acknowledged.AddRange(starts.Where(s => s.IsCompletedSuccessfully).Select(s => s.Result.Handoff.Id));
            if (starts.TrueForAll(s => s.IsCompletedSuccessfully)) continue;
            foreach (var refused in starts.Where(s => s.IsFaulted))
                refused.Exception!.InnerException.ShouldBeOfType<StoreException>().Message.ShouldContain("is full");
            acknowledged.Count.ShouldBeGreaterThan(20);
            store.PendingWrites.ShouldBe(0);
            if (starts.TrueForAll(s => s.IsFaulted)) return acknowledged;
        }
    }
}

/// <summary>A disk of a few megabytes in memory; the tests that need one are skipped where it cannot be mounted.</summary>
sealed class SmallDisk : IDisposable
{
    SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk Mount(string folder, string size)
    {
        var path = Directory.CreateDirectory(System.IO.Path.Combine(folder, "disk")).FullName;
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path), "Mounting a small disk needs root.");
        return new SmallDisk(path);
    }

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path).ShouldBeTrue();
    public void MakeWritable() => Run("mount", "-o", "remount,rw", Path).ShouldBeTrue();

    // Lazy: a test that failed may still hold the file open.
    public void Dispose() => Run("umount", "-l", Path);

    static bool Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
