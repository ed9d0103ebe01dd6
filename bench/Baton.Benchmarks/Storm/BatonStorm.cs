using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Genesys;
using Baton.Sandbox;
using Baton.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.Benchmarks.Storm;

/// <summary>Baton's own connector, store and runner in the storm, as they ship.</summary>
static class BatonStorm
{
    const string Told = "You are being transferred to a person.";

    public static async Task<StormReport> RunAsync(StormWorld world, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("baton-storm-");
        try
        {
            var settings = new BatonSettings
            {
                StorePath = Path.Combine(folder.FullName, "baton.db"),
                Genesys = new GenesysOptions { ApiBaseUrl = world.Sandbox.ApiBaseUrl.ToString(), LoginBaseUrl = world.Sandbox.LoginBaseUrl.ToString(), Clients = [new OAuthClientOptions(StormWorld.Client, StormWorld.Secret)] },
            };
            await using var system = await BatonSystem.OpenAsync(settings, new BatonSystem.Parts(world.Time, new Random(world.Options.Seed), NullLoggerFactory.Instance) { Network = world.Network, RepeatIds = true }, ct);
            world.Time.AddBusySign(() => system.Store.PendingWrites > 0);
            var now = world.Time.GetUtcNow();
            var plan = new HandoffPlan { Steps = [new RouteStep { Queue = StormWorld.Queue, Skills = world.Options.Skills ? ["refunds"] : [] }], Messages = new HandoffMessages { Transferring = Told } };
            var handoffs = world.Conversations.Select(c => Handoff.Request(system.NewId(now), c.ConversationId, plan, new HandoffOrigin("storm", [new Reason("requested", "The storm asked for it.")], null), now)).ToList();
            await Task.WhenAll(handoffs.Select(h => system.Store.StartHandoffAsync(h, null, ct)));

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var running = Task.Run(() => system.Runner.RunAsync(stop.Token, stop.Token), CancellationToken.None);
            world.Begin();
            await world.UntilAsync(() => world.Sandbox.Ledger.Of(LedgerKind.MessageSent).Count(m => m.From == "api") >= handoffs.Count, ct);
            await stop.CancelAsync();
            await running;
            return world.Judge() with { MostReadsBeforeATransfer = await ReadsBeforeTransfersAsync(world, system, handoffs, ct) };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>From the commit of an intent to its transfer's sending: the calls of a lower stage that went out strictly in between, the worst case over all.</summary>
    static async Task<int> ReadsBeforeTransfersAsync(StormWorld world, BatonSystem system, IReadOnlyList<Handoff> handoffs, CancellationToken ct)
    {
        const string Transfer = "/replace/queue";
        var sent = world.Network.Sent;
        var lower = sent.Where(s => !s.Path.EndsWith(Transfer, StringComparison.Ordinal)).Select(s => s.At).Order().ToList();
        var transfers = sent.Where(s => s.Path.EndsWith(Transfer, StringComparison.Ordinal)).ToLookup(s => s.Path.Split('/')[^5], s => s.At);
        var most = 0;
        foreach (var handoff in handoffs)
        {
            var wanted = (await system.Store.HistoryAsync(handoff.Id, ct)).First(s => s.What is "briefed" or "notBriefed").At;
            var went = transfers[handoff.ConversationId].First();
            most = Math.Max(most, lower.Count(at => at > wanted && at < went));
        }
        return most;
    }
}
