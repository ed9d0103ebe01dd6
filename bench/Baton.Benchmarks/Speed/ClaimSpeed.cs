using System.Diagnostics;
using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Baton.Benchmarks.Speed;

/// <summary>What it costs to claim, when a million handoffs have been finished before.</summary>
static class ClaimSpeed
{
    const int Live = 64;
    const int Limit = 16;

    public static async Task<IReadOnlyList<Figure>> RunAsync(int finished, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("baton-claim-");
        try
        {
            var full = Path.Combine(folder.FullName, "full.db");
            await FinishAsync(full, finished, ct);
            await using var fullStore = await OpenAsync(full, ct);
            await using var emptyStore = await OpenAsync(Path.Combine(folder.FullName, "empty.db"), ct);
            var claim = await Rounds.MediansAsync(41, () => ClaimAsync(fullStore, ct), () => ClaimAsync(emptyStore, ct));
            var due = await Rounds.MediansAsync(41, () => NextDueAsync(fullStore, ct), () => NextDueAsync(emptyStore, ct));
            return
            [
                new Figure($"claim {Limit} of {Live} after {finished:#,0} finished", claim.Ours, "us", "the empty store, us", claim.Partners, "ratio <= 1.5", claim.Ours / claim.Partners <= 1.5),
                new Figure("ask when the next is due, after as many", due.Ours, "us", "the empty store, us", due.Partners),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One is finished by the product; the others are its rows again, under ids of their own.</summary>
    internal static async Task FinishAsync(string path, int finished, CancellationToken ct)
    {
        await using (var store = await SqliteStore.OpenAsync(path, null, ct))
        {
            var first = (await store.StartHandoffAsync(Some.Handoff("c0", TimeProvider.System.GetUtcNow()), null, ct)).Handoff;
            await store.CommitOverAsync(first, first.Apply(new HandoffEvent.CancelRequested("bench"), first.RequestedAt, HandoffPace.Default), ct);
        }
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"""
            PRAGMA synchronous = OFF;
            CREATE TEMP TABLE one AS SELECT * FROM handoff;
            CREATE TEMP TABLE steps AS SELECT * FROM handoff_step;
            BEGIN;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {finished - 1})
            INSERT INTO handoff (id, conversation_id, state, version, todo, due_at, requested_at, ended_at, data)
            SELECT printf('ho_%032d', i), printf('c%d', i), state, version, todo, due_at, requested_at, ended_at, data FROM n, one;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {finished - 1})
            INSERT INTO handoff_step (handoff_id, version, at, state, what)
            SELECT printf('ho_%032d', i), version, at, state, what FROM n, steps;
            COMMIT;
            PRAGMA wal_checkpoint(TRUNCATE);
            """;
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task<SqliteStore> OpenAsync(string path, CancellationToken ct)
    {
        var store = await SqliteStore.OpenAsync(path, null, ct);
        for (var n = 0; n < Live; n++) await store.StartHandoffAsync(Some.Handoff($"live {n}", TimeProvider.System.GetUtcNow()), null, ct);
        return store;
    }

    static async Task<double> ClaimAsync(SqliteStore store, CancellationToken ct)
    {
        const int Times = 10;
        var (now, spent) = (TimeProvider.System.GetUtcNow(), 0.0);
        for (var n = 0; n < Times; n++)
        {
            var began = Stopwatch.GetTimestamp();
            var held = await store.ClaimDueAsync(now, TimeSpan.FromMinutes(1), Limit, true, ct);
            spent += Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            if (held.Count != Limit) throw new InvalidOperationException($"{held.Count} were claimed.");
            await Task.WhenAll(held.Select(h => store.ReleaseAsync(h, null, ct)));
        }
        return spent / Times;
    }

    static async Task<double> NextDueAsync(SqliteStore store, CancellationToken ct)
    {
        const int Times = 100;
        var began = Stopwatch.GetTimestamp();
        for (var n = 0; n < Times; n++) await store.NextDueAsync(true, ct);
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds / Times;
    }
}
