using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Sandbox;
using Baton.Storage.Sqlite;

namespace Baton.EndToEnd.Tests.Crashes;

/// <summary>A real full disk: a small file system in memory, which only root may make.</summary>
public sealed class DiskFullTests : IAsyncLifetime
{
    readonly DirectoryInfo mount = Directory.CreateTempSubdirectory("baton-disk-");
    readonly HttpClient bot = new(new SocketsHttpHandler());
    bool isMounted;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => isMounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && await RunsAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.FullName);

    public async ValueTask DisposeAsync()
    {
        bot.Dispose();
        if (isMounted) await RunsAsync("umount", "-l", mount.FullName);
        mount.Delete();
    }

    [Fact(Timeout = 60_000)]
    public async Task On_a_full_disk_nothing_is_acknowledged_and_with_space_it_goes_on()
    {
        if (!isMounted) Assert.Skip("Only root on Linux can mount a small file system to fill.");
        await using var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { TransferDelayMax = TimeSpan.FromMilliseconds(100), CallsPerMinute = 100_000 }, Ct);
        using var folder = new BatonFolder();
        folder.Knows(sandbox);
        folder.IsQuick();
        var database = Path.Combine(mount.FullName, "baton.db");
        folder.Environment["BATON__STORE__PATH"] = database;
        await using var serving = await folder.ServeAsync();
        await using var store = await SqliteStore.OpenAsync(database, null, Ct);

        var before = Converse();
        (await TellAsync(before)).ShouldBe(HttpStatusCode.OK);
        await FillAsync();
        // What still fits into the files that are there is taken, and must then be there.
        var acknowledged = new List<string>();
        string refused;
        while (true)
        {
            var conversation = Converse();
            var status = await TellAsync(conversation);
            if (status != HttpStatusCode.OK)
            {
                status.ShouldBe(HttpStatusCode.ServiceUnavailable);
                refused = conversation;
                break;
            }
            acknowledged.Add(conversation);
            acknowledged.Count.ShouldBeLessThan(500);
        }
        (await store.ListHandoffsAsync(new HandoffFilter { ConversationId = refused }, Ct)).ShouldBeEmpty();

        File.Delete(Filler);
        (await TellAsync(refused)).ShouldBe(HttpStatusCode.OK);
        foreach (var conversation in (string[])[before, .. acknowledged, refused])
        {
            await sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.TransferApplied && e.ConversationId == conversation, ct: Ct);
            sandbox.Ledger.TransfersApplied(conversation).Count.ShouldBe(1);
        }

        string Converse() => sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;

        async Task<HttpStatusCode> TellAsync(string conversation)
        {
            var turn = new JsonObject { ["id"] = "t1", ["from"] = "customer", ["text"] = "I want to talk to a human.", ["at"] = TimeProvider.System.GetUtcNow() };
            using var reply = await bot.PostAsJsonAsync(new Uri(serving.Address, $"v1/conversations/{conversation}/turns"), new JsonObject { ["turns"] = new JsonArray(turn) }, Ct);
            return reply.StatusCode;
        }
    }

    string Filler => Path.Combine(mount.FullName, "filler");

    async Task FillAsync()
    {
        await using var filler = File.Create(Filler);
        try
        {
            while (true)
            {
                filler.Write(new byte[4096]);
                await filler.FlushAsync(Ct);
            }
        }
        catch (IOException)
        {
            // Full, as it was meant to be.
        }
    }

    static async Task<bool> RunsAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0;
    }
}
