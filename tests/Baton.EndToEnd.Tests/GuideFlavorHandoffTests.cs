using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;
using Baton.Server;

namespace Baton.EndToEnd.Tests;

/// <summary>Guide 000 step 3 over the guide flavor: the transfer happens once, and each way it can be refused has its own outcome.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class GuideFlavorHandoffTests : IDisposable
{
    const string Transfers = "/api/v2/conversations/*/participants/*/transfer";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-guide-");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string AuditFile => Path.Combine(folder.FullName, "handoff_audit.log");

    Task<HandoffWorld> StillAsync() => HandoffWorld.StillAsync(o => o with { Flavor = SandboxFlavor.Guide },
        s => s with { Policy = "gate", Genesys = s.Genesys with { Flavor = GenesysFlavor.Guide, HandoffAuditFile = AuditFile } });

    async Task<HandoffWorld> StartAsync()
    {
        var world = await StillAsync();
        world.Begin();
        return world;
    }

    IReadOnlyList<JsonNode> Audit => File.Exists(AuditFile) ? [.. File.ReadAllLines(AuditFile).Select(l => JsonNode.Parse(l)!)] : [];

    static int Asked(HandoffWorld world, string conversation) => world.Ledger.Requests().Count(r => r.ConversationId == conversation && r.Route!.EndsWith("/transfer", StringComparison.Ordinal));

    static RouteStep To(HandoffWorld world, string queue, params string[] skills) => new() { Queue = world.Queue(queue), Skills = skills };

    [Fact(Timeout = 120_000)]
    public async Task A_handoff_is_one_transfer_and_one_line_in_the_guides_audit_file()
    {
        await using var world = await StartAsync();
        var conversation = world.Converse();
        var leg = world.Organization.Conversation(conversation).Holder!.Id;
        var handoff = await world.RequestAsync(conversation, To(world, "Support"));
        var ended = await world.UntilWithAgentAsync(handoff);
        world.Applied(conversation).ShouldBe(["Support"]);
        Asked(world, conversation).ShouldBe(1);
        world.Heard(conversation).ShouldBeEmpty();
        (await world.StepsAsync(ended)).ShouldContain("notBriefed");
        (await world.AuditAsync()).IsSound.ShouldBeTrue();

        var line = Audit.ShouldHaveSingleItem().AsObject();
        line.Select(f => f.Key).ShouldBe(["timestamp", "conversation_id", "participant_id", "queue_id", "transfer_type", "latency_ms", "status", "response_status"]);
        (line["conversation_id"]!.GetValue<string>(), line["participant_id"]!.GetValue<string>(), line["queue_id"]!.GetValue<string>()).ShouldBe((conversation, leg, world.Queue("Support")));
        (line["transfer_type"]!.GetValue<string>(), line["status"]!.GetValue<string>(), line["response_status"]!.GetValue<int>()).ShouldBe(("queue", "success", 200));
    }

    [Fact(Timeout = 120_000)]
    public async Task Skills_make_it_a_transfer_to_a_skill()
    {
        await using var world = await StartAsync();
        var conversation = world.Converse();
        var ended = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, To(world, "Support", "english")));
        world.Applied(conversation).ShouldBe(["Support"]);
        Audit.ShouldHaveSingleItem()["transfer_type"]!.GetValue<string>().ShouldBe("skill");
        (await world.StepsAsync(ended)).ShouldContain("routingSet");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_hundred_starts_at_once_are_one_transfer()
    {
        await using var world = await StartAsync();
        var conversation = world.Converse();
        var starts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => world.Baton.Store.StartHandoffAsync(world.Request(conversation, To(world, "Support")), null, Ct))));
        starts.Select(s => s.Handoff.Id).Distinct().ShouldHaveSingleItem();
        await world.UntilWithAgentAsync(starts[0].Handoff);
        world.Applied(conversation).ShouldBe(["Support"]);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(FaultKind.ConnectionResetAfterApply, 0, 0)]
    [InlineData(FaultKind.ConnectionResetBeforeApply, 0, 0)]
    [InlineData(FaultKind.StatusAfterApply, 503, 0)]
    [InlineData(FaultKind.Status, 502, 0)]
    [InlineData(FaultKind.MalformedJson, 0, 0)]
    [InlineData(FaultKind.ApplyLate, 0, 6000)]
    [InlineData(FaultKind.Slow, 0, 40_000)]
    [InlineData(FaultKind.TransferFailsAfterAccepted, 0, 0)]
    public async Task Whatever_happens_to_the_reply_the_conversation_moves_once(FaultKind kind, int status, int milliseconds)
    {
        await using var world = await StartAsync();
        world.Fails(kind, Transfers, status: status == 0 ? null : status, milliseconds: milliseconds);
        var conversation = world.Converse();
        var ended = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, To(world, "Support")));
        world.Applied(conversation).ShouldBe(["Support"], string.Join(", ", await world.StepsAsync(ended)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Forty_handoffs_under_faults_move_forty_conversations_once()
    {
        await using var world = await StartAsync();
        foreach (var kind in (FaultKind[])[FaultKind.ConnectionResetAfterApply, FaultKind.ConnectionResetBeforeApply, FaultKind.MalformedJson])
            world.Sandbox.Faults.Add(new Fault { Kind = kind, Path = Transfers, Probability = 0.15 });
        var conversations = Enumerable.Range(0, 40).Select(_ => world.Converse()).ToList();
        var handoffs = new List<Handoff>();
        foreach (var conversation in conversations) handoffs.Add(await world.RequestAsync(conversation, To(world, "Billing")));
        foreach (var handoff in handoffs) await world.UntilSettledAsync(handoff);
        foreach (var conversation in conversations) world.Applied(conversation).ShouldBe(["Billing"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Somebody_elses_transfer_under_way_is_seen_before_anything_is_sent()
    {
        await using var world = await StillAsync();
        var conversation = world.Converse();
        var handoff = await world.RequestAsync(conversation, To(world, "Support"));
        world.Organization.OtherSystemTransfers(conversation, "Billing");
        world.Begin();
        var ended = await world.UntilAsync(handoff, HandoffState.Refused);
        ended.Failure.ShouldBe(FailureKind.AlreadyTransferring);
        Asked(world, conversation).ShouldBe(0);
        Audit.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task Refused_with_409_it_looks_and_finds_who_was_first()
    {
        await using var world = await StartAsync();
        world.Fails(FaultKind.Slow, Transfers, milliseconds: 3000);
        var conversation = world.Converse();
        var handoff = await world.RequestAsync(conversation, To(world, "Support"));
        await world.UntilAsync(() => world.Sandbox.ParkedRequests > 0);
        world.Organization.OtherSystemTransfers(conversation, "Billing");
        var ended = await world.UntilAsync(handoff, HandoffState.Refused);
        (ended.Failure, ended.FailureSentence).ShouldBe((FailureKind.AlreadyWithHuman, "Somebody else moved the conversation first."));
        Asked(world, conversation).ShouldBe(1);
        var line = Audit.ShouldHaveSingleItem();
        (line["status"]!.GetValue<string>(), line["error_code"]!.GetValue<int>()).ShouldBe(("failed", 409));
        line["error_message"]!.GetValue<string>().ShouldContain("409 general.conflict");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_missing_scope_is_named_and_written_down()
    {
        await using var world = await StillAsync();
        world.Organization.AddOAuthClient("baton", HandoffWorld.Secret, scopes: ["conversation:view", "routing:queue:view", "routing:agent:view"]);
        world.Begin();
        var ended = await world.UntilAsync(await world.RequestAsync(world.Converse(), To(world, "Support")), HandoffState.Failed);
        ended.Failure.ShouldBe(FailureKind.MissingPermission);
        ended.FailureSentence!.ShouldContain("lacks the permission conversation:transfer");
        var line = Audit.ShouldHaveSingleItem();
        (line["status"]!.GetValue<string>(), line["error_code"]!.GetValue<int>()).ShouldBe(("failed", 403));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_conversation_nobody_knows_fails_without_a_transfer()
    {
        await using var world = await StartAsync();
        var ended = await world.UntilAsync(await world.RequestAsync("nobody", To(world, "Support")), HandoffState.Failed);
        ended.Failure.ShouldBe(FailureKind.ConversationNotFound);
        Audit.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_conversation_that_has_ended_is_not_transferred()
    {
        await using var world = await StillAsync();
        var conversation = world.Converse();
        var handoff = await world.RequestAsync(conversation, To(world, "Support"));
        world.Organization.GuestLeaves(conversation);
        world.Begin();
        (await world.UntilAsync(handoff, HandoffState.Abandoned)).Failure.ShouldBe(FailureKind.ConversationEnded);
        Asked(world, conversation).ShouldBe(0);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(7, 7)]
    [InlineData(null, 2)]
    public async Task Too_many_requests_are_waited_out_with_and_without_the_header(int? retryAfter, int seconds)
    {
        await using var world = await StartAsync();
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Path = Transfers, RetryAfterSeconds = retryAfter, Times = 1 });
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.HideRateHeaders });
        var conversation = world.Converse();
        var ended = await world.UntilWithAgentAsync(await world.RequestAsync(conversation, To(world, "Support")));
        world.Applied(conversation).ShouldBe(["Support"]);
        (await world.StepsAsync(ended)).ShouldContain("transferRateLimited");
        Audit.Select(l => (l["status"]!.GetValue<string>(), (l["error_code"] ?? l["response_status"])!.GetValue<int>())).ShouldBe([("failed", 429), ("success", 200)]);
        var times = Audit.Select(l => DateTimeOffset.Parse(l["timestamp"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        (times[1] - times[0]).TotalSeconds.ShouldBeInRange(seconds, seconds + 3);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_queue_that_is_closed_or_unknown_makes_room_for_the_next_of_the_plan()
    {
        await using var world = await StillAsync();
        world.Organization.SetQueueActive(world.Queue("Billing"), active: false);
        var conversation = world.Converse();
        var handoff = await world.RequestAsync(conversation, To(world, "Billing"), new RouteStep { Queue = "no-queue" }, To(world, "Empty"), To(world, "Support"));
        world.Begin();
        var ended = await world.UntilWithAgentAsync(handoff);
        var notes = string.Join('\n', (await world.HistoryAsync(ended)).Select(s => s.Note));
        notes.ShouldContain("Nobody is on queue in 'Billing (inactive)'.");
        notes.ShouldContain("There is no queue 'no-queue'.");
        notes.ShouldContain("Nobody is on queue in 'Empty'.");
        world.Applied(conversation).ShouldBe(["Support"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_queue_closed_between_check_and_transfer_is_refused_with_400_and_the_next_is_tried()
    {
        await using var world = await StartAsync();
        world.Fails(FaultKind.Slow, Transfers, milliseconds: 3000);
        var conversation = world.Converse();
        var handoff = await world.RequestAsync(conversation, To(world, "Billing"), To(world, "Support"));
        await world.UntilAsync(() => world.Sandbox.ParkedRequests > 0);
        world.Organization.SetQueueActive(world.Queue("Billing"), active: false);
        var ended = await world.UntilWithAgentAsync(handoff);
        world.Applied(conversation).ShouldBe(["Support"]);
        string.Join('\n', (await world.HistoryAsync(ended)).Select(s => s.Note)).ShouldContain("The queue 'Billing' is not active.");
        Audit.Select(l => l["status"]!.GetValue<string>()).ShouldBe(["failed", "success"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_skill_nobody_knows_is_a_bad_request_that_names_it()
    {
        await using var world = await StartAsync();
        var ended = await world.UntilAsync(await world.RequestAsync(world.Converse(), To(world, "Support", "juggling")), HandoffState.Failed);
        ended.Failure.ShouldBe(FailureKind.BadRequest);
        ended.FailureSentence!.ShouldContain("juggling does not exist");
    }

    [Fact(Timeout = 120_000)]
    public async Task An_audit_file_that_cannot_be_written_stops_no_transfer()
    {
        Directory.CreateDirectory(AuditFile);
        await using var world = await StartAsync();
        var conversation = world.Converse();
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, To(world, "Support")));
        world.Applied(conversation).ShouldBe(["Support"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_platform_writes_the_same_file_when_it_is_asked_to()
    {
        await using var world = await HandoffWorld.StartAsync(configured: s => s with { Genesys = s.Genesys with { HandoffAuditFile = AuditFile } });
        var conversation = world.Converse();
        await world.UntilWithAgentAsync(await world.RequestAsync(conversation, "Support"));
        (Audit.ShouldHaveSingleItem()["status"]!.GetValue<string>(), Audit[0]["response_status"]!.GetValue<int>()).ShouldBe(("success", 202));
    }

    [Fact]
    public async Task A_policy_that_asks_for_what_the_guides_cannot_do_is_refused_when_it_is_loaded()
    {
        var settings = new BatonSettings { Policy = "default", StorePath = Path.Combine(folder.FullName, "baton.db"), Genesys = new GenesysOptions { Flavor = GenesysFlavor.Guide, ApiBaseUrl = "http://127.0.0.1:1", LoginBaseUrl = "http://127.0.0.1:1", Clients = [new("a", "b")] } };
        var parts = new BatonSystem.Parts(TimeProvider.System, new Random(1), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        var refused = await Should.ThrowAsync<SettingsException>(() => BatonSystem.OpenAsync(settings, parts, Ct));
        refused.Errors.ShouldContain(e => e.Contains("messages.stillLooking", StringComparison.Ordinal) && e.Contains("the guides name no call that says something to the customer", StringComparison.Ordinal));
        await using var system = await BatonSystem.OpenAsync(settings with { Policy = "gate" }, parts, Ct);
        system.Center.Unsupported(PolicyFeature.Skills, Core.Conversations.Media.Message).ShouldBeNull();
    }

    public void Dispose() => folder.Delete(recursive: true);
}
