using Baton.Core;
using Baton.Core.Audit;
using Baton.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.EndToEnd.Tests.Api;

/// <summary>A server is whole or it is not there.</summary>
public sealed class ServerLifeTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-life-");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    Task<BatonSystem> OpenAsync(TimeSpan poll) => BatonSystem.OpenAsync(
        new BatonSettings
        {
            StorePath = Path.Combine(folder.FullName, "baton.db"),
            Url = "http://127.0.0.1:0",
            Runner = new Baton.Core.Handoffs.RunnerOptions { Poll = poll },
            Access = new AccessSettings { Auth = ServerAuth.Open },
            Genesys = new Baton.Genesys.GenesysOptions { ApiBaseUrl = "http://127.0.0.1:9", LoginBaseUrl = "http://127.0.0.1:9", Clients = [new Baton.Genesys.OAuthClientOptions("nobody", "nothing")] },
        }, new BatonSystem.Parts(TimeProvider.System, new Random(1), NullLoggerFactory.Instance), Ct);

    [Fact(Timeout = 120_000)]
    public async Task A_key_for_checkpoints_that_others_may_read_is_said_at_the_start_and_once_mended_it_starts()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var system = await OpenAsync(TimeSpan.FromSeconds(1));
        var path = AuditKey.PathBeside(system.Settings.StorePath);
        AuditKey.OpenOrCreate(path).Dispose();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        (await Should.ThrowAsync<StoreException>(() => BatonServer.StartAsync(system, null, Ct))).Message.ShouldContain("chmod 600");
        (await system.Store.OwnerAsync(Ct)).ShouldBeNull("nobody is left behind who does nothing");

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var server = await BatonServer.StartAsync(system, null, Ct);
        server.Broke.ShouldBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task When_a_part_of_it_breaks_all_of_it_stops_and_says_which()
    {
        await using var system = await OpenAsync(TimeSpan.Zero);
        // A clock that never waits cannot be had: who looks by it breaks.
        var server = await BatonServer.StartAsync(system, null, Ct);
        await server.WaitForShutdownAsync(Ct);
        server.Broke.ShouldBe("stream");
        await server.DisposeAsync();
        (await system.Store.OwnerAsync(Ct)).ShouldBeNull();
    }
}
