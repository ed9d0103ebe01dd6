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

    public async ValueTask InitializeAsync() => isMounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && await RunsAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mount.FullName);

    public async ValueTask DisposeAsync()
    {
        bot.Dispose();
        if (isMounted) await RunsAsync("umount", "-l", mount.FullName);
        mount.Delete();
    }

    // What was claimed when the disk was full is given back when there is space again: its lease is longer than the test.
    [Fact(Timeout = 120_000)]
    public async Task On_a_full_disk_nothing_is_acknowledged_and_with_space_it_goes_on()
    {
        if (!isMounted) Assert.Skip("Only root on Linux can mount a small file system to fill.");
        await using var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { TransferDelayMax = TimeSpan.FromMilliseconds(100), CallsPerMinute = 100_000 }, Ct);
        using var folder = new BatonFolder();
        folder.Knows(sandbox);
        folder.IsQuick();
        var database = Path.Combine(mount.FullName, "baton.db");
        folder.Environment["BATON__STORE__PATH"] = database;
        folder.Environment["BATON__RUNNER__LEASESECONDS"] = "600";
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
        var (sick, why) = await HealthAsync();
        sick.ShouldBe(HttpStatusCode.ServiceUnavailable);
        why.ShouldContain($"The disk that holds '{database}' is full");

        File.Delete(Filler);
        (await HealthAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await TellAsync(refused)).ShouldBe(HttpStatusCode.OK);
        foreach (var conversation in (string[])[before, .. acknowledged, refused])
        {
            await sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.TransferApplied && e.ConversationId == conversation, ct: Ct);
            sandbox.Ledger.TransfersApplied(conversation).Count.ShouldBe(1);
        }
        var log = await serving.LogAsync();
        log.ShouldContain($"nothing is acknowledged: The disk that holds '{database}' is full");
        log.ShouldContain("The store takes work again");

        string Converse() => sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;

        Task<HttpStatusCode> TellAsync(string conversation) => this.TellAsync(serving, conversation);

        Task<(HttpStatusCode Status, string Text)> HealthAsync() => this.HealthAsync(serving);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_file_that_cannot_be_written_any_more_is_said_and_written_again_when_it_can_be()
    {
        await using var sandbox = await GenesysSandbox.StartAsync(new SandboxOptions { TransferDelayMax = TimeSpan.FromMilliseconds(100) }, Ct);
        using var folder = new BatonFolder();
        folder.Knows(sandbox);
        folder.IsQuick();
        await using var serving = await folder.ServeAsync();
        string[] files = [folder.StorePath, folder.StorePath + "-wal"];
        // Not even root, nor a process that has it open, writes to such a file.
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !await RunsAsync("chattr", ["+i", .. files])) Assert.Skip("Only root on Linux, on a file system that knows the flag, can make an open file unwritable.");
        var conversation = sandbox.Organization.StartConversation(new GuestProfile("Gina")).ConversationId;
        try
        {
            (await TellAsync(serving, conversation)).ShouldBe(HttpStatusCode.ServiceUnavailable);
            var (status, why) = await HealthAsync(serving);
            status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            why.ShouldContain("baton.db' cannot be written");
            sandbox.Ledger.TransfersApplied(conversation).ShouldBeEmpty();
        }
        finally
        {
            (await RunsAsync("chattr", ["-i", .. files])).ShouldBeTrue();
        }
        (await HealthAsync(serving)).Status.ShouldBe(HttpStatusCode.OK);
        (await TellAsync(serving, conversation)).ShouldBe(HttpStatusCode.OK);
        await sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.TransferApplied && e.ConversationId == conversation, ct: Ct);
        (await serving.LogAsync()).ShouldContain("The store takes work again");
    }

    async Task<HttpStatusCode> TellAsync(BatonServing serving, string conversation)
    {
        var turn = new JsonObject { ["id"] = "t1", ["from"] = "customer", ["text"] = "I want to talk to a human.", ["at"] = TimeProvider.System.GetUtcNow() };
        using var reply = await bot.PostAsJsonAsync(new Uri(serving.Address, $"v1/conversations/{conversation}/turns"), new JsonObject { ["turns"] = new JsonArray(turn) }, Ct);
        return reply.StatusCode;
    }

    async Task<(HttpStatusCode Status, string Text)> HealthAsync(BatonServing serving)
    {
        using var reply = await bot.GetAsync(new Uri(serving.Address, "healthz"), Ct);
        var said = JsonNode.Parse(await reply.Content.ReadAsStringAsync(Ct))!;
        return (reply.StatusCode, (said["detail"] ?? said["status"])!.GetValue<string>());
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
