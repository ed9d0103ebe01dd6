using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Briefings;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;
using Baton.Server;

namespace Baton.EndToEnd.Tests;

/// <summary>Guide 003 over the guide flavor: the guest's history becomes the agent's welcome, and the conversation is enqueued once.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class GuideGuestTests : IDisposable
{
    const string Enqueues = "/api/v2/routing/conversations/queue/*";
    const string Guests = "/api/v2/conversations/guests/*";
    const string Prefix = "Agent, the guest requires assistance. Chat history follows:\n";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-guest-");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string AuditFile => Path.Combine(folder.FullName, "handoff_audit.log");

    Task<HandoffWorld> StillAsync() => HandoffWorld.StillAsync(o => o with { Flavor = SandboxFlavor.Guide },
        s => s with { Policy = "escalate", Genesys = s.Genesys with { Flavor = GenesysFlavor.Guide, HandoffAuditFile = AuditFile } });

    async Task<HandoffWorld> StartAsync()
    {
        var world = await StillAsync();
        world.Begin();
        return world;
    }

    static StartedConversation Converse(HandoffWorld world, string text = "How do I reset my password?") => world.Organization.StartConversation(new GuestProfile("Gina"), text);

    static async Task<Handoff> RequestAsync(HandoffWorld world, StartedConversation started, HandoffPlan plan, string? guest = null)
    {
        var now = world.Time.GetUtcNow();
        var handoff = Handoff.Request(world.Baton.NewId(now), started.ConversationId, plan, new HandoffOrigin("test", [new Reason("requested", "Somebody asked.")], null), now) with { GuestId = guest ?? started.GuestId };
        return (await world.Baton.Store.StartHandoffAsync(handoff, null, Ct)).Handoff;
    }

    static HandoffPlan To(HandoffWorld world, params string[] queues) =>
        new() { Steps = [.. queues.Select(q => new RouteStep { Queue = world.Queue(q), Priority = 7 })], Messages = new HandoffMessages { Transferring = HandoffWorld.Told, StillLooking = HandoffWorld.StillLooking } };

    [Fact(Timeout = 120_000)]
    public async Task Tried_again_it_is_still_the_guests()
    {
        await using var world = await StartAsync();
        var started = Converse(world);
        world.Fails(FaultKind.Status, Enqueues, times: null, status: 400);
        var failed = await world.UntilAsync(await RequestAsync(world, started, To(world, "Support")), h => h.State.IsFinal() && h.Todo == Todo.None);
        failed.State.ShouldNotBe(HandoffState.Completed);
        world.Sandbox.Faults.Clear();

        var reply = (await new HandoffDesk(world.Baton, null).RetryAsync(failed, "ada", Ct)).ShouldBeOfType<HandoffReply.Known>();
        var again = await world.UntilWithAgentAsync(reply.Handoff);
        (again.GuestId, again.Origin.RetryOf).ShouldBe((started.GuestId, failed.Id));
        world.Applied(started.ConversationId).ShouldBe(["Support"]);
        Welcome(world, started.ConversationId)!.ShouldStartWith(Prefix + "[guest] How do I reset my password?");
        Heard(world, started.ConversationId).ShouldContain(HandoffWorld.Told);
    }

    static int Asked(HandoffWorld world) => world.Ledger.Requests().Count(r => r.Route!.Contains("/routing/conversations/queue/", StringComparison.Ordinal));

    static string? Welcome(HandoffWorld world, string conversation) => world.Organization.Conversation(conversation).Customer.Attributes.GetValueOrDefault("welcomeMessage");

    static IReadOnlyList<string> Heard(HandoffWorld world, string conversation) => [.. world.Ledger.MessagesTo(conversation).Where(m => m.From == "system").Select(m => m.Text!)];

    [Fact(Timeout = 120_000)]
    public async Task The_guests_history_is_what_the_agent_reads_and_the_customer_is_told()
    {
        await using var world = await StartAsync();
        var started = Converse(world);
        world.Organization.BotSays(started.ConversationId, "I will guide you.\n[agent] Not me.");
        var ended = await world.UntilWithAgentAsync(await RequestAsync(world, started, To(world, "Support")));
        world.Applied(started.ConversationId).ShouldBe(["Support"]);
        Welcome(world, started.ConversationId)!.ShouldStartWith(Prefix + "[guest] How do I reset my password?\n");
        // Nobody writes a line in somebody else's name.
        Welcome(world, started.ConversationId)!.ShouldEndWith("[bot] I will guide you. [agent] Not me.");
        Heard(world, started.ConversationId).ShouldBe([HandoffWorld.Told]);
        Asked(world).ShouldBe(1);
        var steps = await world.StepsAsync(ended);
        steps.ShouldNotContain("routingSet");
        steps.ShouldNotContain("notBriefed");
        ended.Telling!.Text.ShouldBe(HandoffWorld.Told);
        world.Ledger.Requests().Count(r => r.Route!.EndsWith("/transfer", StringComparison.Ordinal)).ShouldBe(0);
        (JsonNode.Parse(File.ReadAllLines(AuditFile).ShouldHaveSingleItem())!["status"]!.GetValue<string>()).ShouldBe("success");
        (await world.AuditAsync()).IsSound.ShouldBeTrue();
    }

    [Fact(Timeout = 120_000)]
    public async Task Card_numbers_mail_and_phone_are_taken_out_as_the_policy_says()
    {
        await using var world = await StartAsync();
        const string Said = "card 4111 1111 1111 1111, mail gina@example.com, phone +49 30 1234567";
        var (all, mail) = (Converse(world, Said), Converse(world, Said));
        await world.UntilWithAgentAsync(await RequestAsync(world, all, To(world, "Billing")));
        await world.UntilWithAgentAsync(await RequestAsync(world, mail, To(world, "Billing") with { Redact = Redactions.Email }));
        Welcome(world, all.ConversationId)!.ShouldContain("[guest] card [card], mail [email], phone [phone]");
        Welcome(world, mail.ConversationId)!.ShouldContain("[guest] card 4111 1111 1111 1111, mail [email], phone +49 30 1234567");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("[]", Briefing.NoHistory)]
    [InlineData("null", Briefing.NoHistory)]
    [InlineData("\"a text\"", Briefing.NoHistory)]
    [InlineData("{\"from\":\"guest\",\"text\":\"hi\"}", Briefing.NoHistory)]
    [InlineData("[1, null, \"x\", [], {}]", Briefing.NoHistory)]
    [InlineData("[{\"text\":\"Who wrote this?\"},{\"from\":7,\"text\":\"A number.\"},{\"from\":\"bot\"},{\"from\":\"bot\",\"text\":{\"rich\":1}},{\"from\":\"bot\",\"text\":42}]", Prefix + "[unknown] Who wrote this?\n[7] A number.\n[bot] 42")]
    public async Task A_history_in_any_form_is_read_as_far_as_it_goes(string history, string welcome)
    {
        await using var world = await StartAsync();
        var started = Converse(world);
        world.Organization.SetQuirks(started.ConversationId, new GuideQuirks { ConversationHistory = history });
        await world.UntilWithAgentAsync(await RequestAsync(world, started, To(world, "Billing")));
        Welcome(world, started.ConversationId).ShouldBe(welcome);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("customAttributes")]
    [InlineData("conversationHistory")]
    [InlineData("name,email,phoneNumbers,skills,self")]
    public async Task A_guest_with_members_missing_is_a_guest(string omitted)
    {
        await using var world = await StartAsync();
        var started = Converse(world);
        world.Organization.SetQuirks(started.ConversationId, new GuideQuirks { GuestOmits = omitted.Split(',') });
        await world.UntilWithAgentAsync(await RequestAsync(world, started, To(world, "Billing")));
        Welcome(world, started.ConversationId)!.ShouldBe(omitted.StartsWith("name", StringComparison.Ordinal) ? Welcome(world, started.ConversationId)! : Briefing.NoHistory);
        Welcome(world, started.ConversationId)!.Length.ShouldBeGreaterThan(10);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_long_history_keeps_its_newest_lines_and_says_what_it_left_out()
    {
        await using var world = await StartAsync();
        var started = Converse(world);
        var history = new JsonArray([.. Enumerable.Range(1, 1000).Select(i => new JsonObject { ["from"] = "guest", ["text"] = $"Line {i} of a very long talk." })]);
        world.Organization.SetQuirks(started.ConversationId, new GuideQuirks { ConversationHistory = history.ToJsonString() });
        await world.UntilWithAgentAsync(await RequestAsync(world, started, To(world, "Billing")));
        var lines = Welcome(world, started.ConversationId)!.Split('\n');
        lines[^1].ShouldBe("[guest] Line 1000 of a very long talk.");
        lines[1].ShouldBe($"({1000 - (lines.Length - 2)} earlier lines are left out)");
        Welcome(world, started.ConversationId)!.Length.ShouldBeLessThan(8200);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("rejected")]
    [InlineData("failed")]
    [InlineData("pending")]
    public async Task Any_status_but_queued_is_a_failure_that_names_it(string status)
    {
        await using var world = await StartAsync();
        var started = Converse(world);
        world.Organization.SetQuirks(started.ConversationId, new GuideQuirks { EnqueueStatus = status });
        var ended = await world.UntilAsync(await RequestAsync(world, started, To(world, "Support")), HandoffState.Failed);
        (ended.Failure, ended.FailureSentence).ShouldBe((FailureKind.TransferFailed, $"Enqueuing the conversation: the platform answered with the status '{status}' in place of 'queued'."));
        Asked(world).ShouldBe(1);
        world.Applied(started.ConversationId).ShouldBeEmpty();
        JsonNode.Parse(File.ReadAllLines(AuditFile).ShouldHaveSingleItem())!["error_message"]!.GetValue<string>().ShouldContain(status);
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
    public async Task Whatever_happens_to_the_reply_the_conversation_is_enqueued_once(FaultKind kind, int status, int milliseconds)
    {
        await using var world = await StartAsync();
        world.Fails(kind, Enqueues, status: status == 0 ? null : status, milliseconds: milliseconds);
        var started = Converse(world);
        var ended = await world.UntilWithAgentAsync(await RequestAsync(world, started, To(world, "Support")));
        world.Applied(started.ConversationId).ShouldBe(["Support"], string.Join(", ", await world.StepsAsync(ended)));
        Heard(world, started.ConversationId).ShouldBe([HandoffWorld.Told]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Nobody_answers_so_the_next_queue_gets_it_with_the_same_welcome()
    {
        await using var world = await StartAsync();
        var started = Converse(world);
        var plan = To(world, "Night Desk", "Billing");
        plan = plan with { Steps = [plan.Steps[0] with { MaxWait = TimeSpan.FromSeconds(40) }, plan.Steps[1]] };
        await world.UntilWithAgentAsync(await RequestAsync(world, started, plan));
        world.Applied(started.ConversationId).ShouldBe(["Night Desk", "Billing"]);
        Heard(world, started.ConversationId).ShouldBe([HandoffWorld.Told, HandoffWorld.StillLooking]);
        Welcome(world, started.ConversationId)!.ShouldStartWith(Prefix);
        world.Ledger.Requests().Count(r => r.Route!.Contains("/guests/", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Skills_go_by_the_transfer_which_can_ask_for_them()
    {
        await using var world = await StartAsync();
        var started = Converse(world);
        var plan = To(world, "Support");
        var ended = await world.UntilWithAgentAsync(await RequestAsync(world, started, plan with { Steps = [plan.Steps[0] with { Skills = ["english"] }] }));
        Asked(world).ShouldBe(0);
        world.Applied(started.ConversationId).ShouldBe(["Support"]);
        var steps = await world.StepsAsync(ended);
        // What the transfer cannot carry is in the history, not lost in silence.
        (steps.Contains("notBriefed"), steps.Contains("routingNotSet"), steps.Contains("messageRefused")).ShouldBe((true, true, true));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(404)]
    [InlineData(403)]
    public async Task A_history_that_cannot_be_read_holds_up_no_customer(int status)
    {
        await using var world = await StillAsync();
        var started = Converse(world);
        if (status == 403) world.Organization.AddOAuthClient("baton", HandoffWorld.Secret, scopes: ["conversation:view", "routing:queue:view", "routing:agent:view", "routing:conversation"]);
        var handoff = await RequestAsync(world, started, To(world, "Support"), status == 404 ? "guest-of-nobody" : null);
        world.Begin();
        var ended = await world.UntilWithAgentAsync(handoff);
        Welcome(world, started.ConversationId).ShouldBe(Briefing.HistoryNotRead);
        var noted = (await world.HistoryAsync(ended)).Single(s => s.What == "notBriefed");
        noted.Note!.ShouldContain(status == 404 ? "guest-of-nobody" : "lacks the permission guest:read");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_missing_scope_for_the_enqueue_is_named()
    {
        await using var world = await StillAsync();
        world.Organization.AddOAuthClient("baton", HandoffWorld.Secret, scopes: ["conversation:view", "routing:queue:view", "routing:agent:view", "guest:read"]);
        world.Begin();
        var ended = await world.UntilAsync(await RequestAsync(world, Converse(world), To(world, "Support")), HandoffState.Failed);
        (ended.Failure, ended.FailureSentence!.Contains("lacks the permission routing:conversation", StringComparison.Ordinal)).ShouldBe((FailureKind.MissingPermission, true));
    }

    [Fact(Timeout = 120_000)]
    public async Task Refused_with_409_it_looks_and_finds_that_it_waits_there_already()
    {
        await using var world = await StartAsync();
        // The first enqueue takes longer than anybody waits for it, and happens after all.
        world.Fails(FaultKind.ApplyLate, Enqueues, milliseconds: 14_000);
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, Path = Enqueues, Skip = 1, Times = 1 });
        var started = Converse(world);
        await world.UntilWithAgentAsync(await RequestAsync(world, started, To(world, "Support")));
        world.Applied(started.ConversationId).ShouldBe(["Support"]);
        Heard(world, started.ConversationId).ShouldBe([HandoffWorld.Told]);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(9, 9, 9, 9)]
    [InlineData(null, 2, 4, 8)]
    public async Task Too_many_requests_are_waited_out_as_told_or_twice_as_long_each_time(int? retryAfter, int first, int second, int third)
    {
        await using var world = await StartAsync();
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Path = Enqueues, RetryAfterSeconds = retryAfter, Times = 3 });
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.HideRateHeaders });
        var started = Converse(world);
        await world.UntilWithAgentAsync(await RequestAsync(world, started, To(world, "Support")));
        world.Applied(started.ConversationId).ShouldBe(["Support"]);
        var times = File.ReadAllLines(AuditFile).Select(l => JsonNode.Parse(l)!["timestamp"]!.GetValue<DateTimeOffset>()).ToList();
        times.Count.ShouldBe(4);
        foreach (var (pause, least) in times.Skip(1).Zip(times, (later, earlier) => later - earlier).Zip([first, second, third])) pause.TotalSeconds.ShouldBeInRange(least, least + 2.5);
    }

    [Fact(Timeout = 120_000)]
    public async Task Too_many_requests_without_end_are_a_failure_that_counts_them()
    {
        await using var world = await StartAsync();
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.TooManyRequests, Path = Enqueues });
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.HideRateHeaders });
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.HideRetryAfter });
        var started = Converse(world);
        var ended = await world.UntilAsync(await RequestAsync(world, started, To(world, "Support") with { Limits = new HandoffLimits { Transfer = TimeSpan.FromMinutes(2) } }), HandoffState.Failed);
        (ended.Failure, ended.FailureSentence).ShouldBe((FailureKind.RateLimited, $"Rate limit exceeded after {Asked(world)} attempts within 00:02:00."));
        Asked(world).ShouldBeLessThan(10);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_token_that_ends_in_between_is_renewed_once()
    {
        await using var world = await StartAsync();
        world.Fails(FaultKind.TokenExpires, Guests);
        var started = Converse(world);
        await world.UntilWithAgentAsync(await RequestAsync(world, started, To(world, "Support")));
        Welcome(world, started.ConversationId)!.ShouldStartWith(Prefix);
        world.Ledger.Requests().Count(r => r.Status == 401).ShouldBe(1);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
