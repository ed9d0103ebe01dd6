using System.Diagnostics;
using Baton.Core;
using Baton.Core.Audit;
using Baton.Core.Handoffs;
using Baton.Storage.Sqlite;

namespace Baton.Storage.Tests;

/// <summary>kill -9 in the middle of 64 callers: what they were told is written is there, whole.</summary>
public sealed class SqliteCrashTests : IDisposable
{
    const string Database = "BATON_CRASH_DATABASE";
    const string Acknowledged = "acknowledged ";

    readonly SqliteFolder folder = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(3000)]
    public async Task A_process_killed_while_it_writes_has_written_all_it_acknowledged(int acknowledgements)
    {
        var told = await RunWriterAsync(acknowledgements);

        SqliteFolder.Scalar(folder.Database, "PRAGMA integrity_check").ShouldBe("ok");
        await using var store = await SqliteStore.OpenAsync(folder.Database, null, Ct);
        foreach (var (id, version) in told)
        {
            var handoff = (await store.FindHandoffAsync(id, Ct)).ShouldNotBeNull(id.ToString());
            handoff.Version.ShouldBeGreaterThanOrEqualTo(version);
            (await store.HistoryAsync(id, Ct)).Select(s => s.Version).ShouldBe(Enumerable.Range(1, handoff.Version));
        }
        var report = await AuditVerifier.VerifyAsync(store, null, null, Ct);
        report.Problems.ShouldBeEmpty();
        report.Entries.ShouldBe((long)SqliteFolder.Scalar(folder.Database, "SELECT COUNT(*) FROM handoff_step")!);
        (await store.OwnerAsync(Ct)).ShouldBeNull("the owner was killed");
    }

    /// <summary>Runs <see cref="Write_until_killed"/> in a process of its own, kills it, and answers what it had acknowledged.</summary>
    async Task<Dictionary<HandoffId, int>> RunWriterAsync(int killAfter)
    {
        var how = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var arg in (string[])["exec", typeof(SqliteCrashTests).Assembly.Location, "-explicit", "only", "-method", $"{typeof(SqliteCrashTests).FullName}.{nameof(Write_until_killed)}"])
            how.ArgumentList.Add(arg);
        how.Environment[Database] = folder.Database;
        using var writer = Process.Start(how)!;
        var told = new Dictionary<HandoffId, int>();
        var lines = 0;
        // After the kill, what is still in the pipe was acknowledged too.
        while (await writer.StandardOutput.ReadLineAsync(Ct) is { } line)
        {
            if (!line.StartsWith(Acknowledged, StringComparison.Ordinal) || !line.EndsWith('.')) continue;
            var words = line[..^1].Split(' ');
            var (id, version) = (HandoffId.Parse(words[1]), int.Parse(words[2]));
            told[id] = Math.Max(version, told.GetValueOrDefault(id));
            if (++lines == killAfter) writer.Kill();
        }
        await writer.WaitForExitAsync(Ct);
        lines.ShouldBeGreaterThanOrEqualTo(killAfter);
        return told;
    }

    [Fact(Explicit = true)]
    public async Task Write_until_killed()
    {
        if (Environment.GetEnvironmentVariable(Database) is not { } path) return;
        await using var store = await SqliteStore.OpenAsync(path, null, Ct);
        await store.TakeOwnershipAsync(OwnerProcess.Me(null), Ct);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var handoff = (await store.StartHandoffAsync(The.Handoff($"c{caller}-{i}"), null, Ct)).Handoff;
                Tell(handoff);
                for (var step = 0; step < 3; step++)
                {
                    var next = The.Step(handoff, "prepared");
                    await store.CommitOverAsync(handoff, next, Ct);
                    Tell(handoff = next.Handoff);
                }
            }
        }, Ct)));

        void Tell(Handoff handoff)
        {
            lock (gate) output.WriteLine($"{Acknowledged}{handoff.Id} {handoff.Version}.");
        }
    }
}
