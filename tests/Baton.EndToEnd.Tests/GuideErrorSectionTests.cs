using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Handoffs;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>The error sections of guides 000 and 003, cause by cause, on both flavors. Those of guide 002 stand with its calls.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class GuideErrorSectionTests : IDisposable
{
    const string Reads = "/api/v2/*";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-errors-");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<SandboxFlavor, Step> Steps
    {
        get
        {
            var rows = new TheoryData<SandboxFlavor, Step>();
            foreach (var flavor in Enum.GetValues<SandboxFlavor>())
                foreach (var step in Enum.GetValues<Step>()) rows.Add(flavor, step);
            return rows;
        }
    }

    /// <summary>What the guides read before they move anything.</summary>
    public enum Step { Evaluate, ValidateQueue, ReadGuest }

    string AuditFile => Path.Combine(folder.FullName, "handoff_audit.log");

    async Task<HandoffWorld> StartAsync(SandboxFlavor flavor, Action<Organization>? prepared = null)
    {
        var world = await HandoffWorld.StillAsync(o => o with { Flavor = flavor },
            s => s with { Policy = "escalate", Genesys = s.Genesys with { Flavor = flavor == SandboxFlavor.Guide ? GenesysFlavor.Guide : GenesysFlavor.Platform, HandoffAuditFile = AuditFile } });
        prepared?.Invoke(world.Organization);
        world.Begin();
        return world;
    }

    static Task ReadAsync(HandoffWorld world, SandboxFlavor flavor, Step step, bool known = true)
    {
        var started = world.Organization.StartConversation(new GuestProfile("Gina"), "I was charged twice");
        var (conversation, queue, guest) = known
            ? (started.ConversationId, world.Queue("Support"), flavor == SandboxFlavor.Guide ? started.GuestId : started.CustomerParticipantId)
            : (Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), "guest-of-nobody");
        var center = world.Baton.Center;
        return step switch
        {
            Step.Evaluate => center.ReadTranscriptAsync(conversation, CallFor.Nobody, Ct),
            Step.ValidateQueue => center.ReadQueueStatusAsync(queue, Ct),
            _ => center.ReadGuestAsync(guest, started.ConversationId, CallFor.Nobody, Ct),
        };
    }

    static Task<ContactCenterException> RefusedAsync(HandoffWorld world, SandboxFlavor flavor, Step step, bool known = true) =>
        Should.ThrowAsync<ContactCenterException>(() => ReadAsync(world, flavor, step, known));

    [Theory(Timeout = 120_000), MemberData(nameof(Steps))]
    public async Task A_401_says_that_secret_or_region_may_be_wrong(SandboxFlavor flavor, Step step)
    {
        await using var world = await StartAsync(flavor, o => o.AddOAuthClient("baton", "another secret"));
        var refused = await RefusedAsync(world, flavor, step);
        (refused.Kind, refused.Message.Contains("another region", StringComparison.Ordinal)).ShouldBe((FailureKind.Unauthorized, true), refused.Message);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(SandboxFlavor.Guide, Step.Evaluate, "conversation:view")]
    [InlineData(SandboxFlavor.Guide, Step.ValidateQueue, "routing:queue:view")]
    [InlineData(SandboxFlavor.Guide, Step.ReadGuest, "guest:read")]
    [InlineData(SandboxFlavor.Platform, Step.Evaluate, "conversation:communication:view")]
    [InlineData(SandboxFlavor.Platform, Step.ValidateQueue, "routing:queue:view")]
    [InlineData(SandboxFlavor.Platform, Step.ReadGuest, "conversation:communication:view")]
    public async Task A_403_names_what_the_client_lacks(SandboxFlavor flavor, Step step, string lacking)
    {
        await using var world = await StartAsync(flavor, o => o.AddOAuthClient("baton", HandoffWorld.Secret, permissions: ["routing:skill:view"], scopes: ["conversation:transfer"]));
        var refused = await RefusedAsync(world, flavor, step);
        (refused.Kind, refused.Message.Contains($"lacks the permission {lacking}", StringComparison.Ordinal)).ShouldBe((FailureKind.MissingPermission, true), refused.Message);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(SandboxFlavor.Guide, Step.Evaluate, FailureKind.ConversationNotFound)]
    [InlineData(SandboxFlavor.Guide, Step.ReadGuest, FailureKind.GuestNotFound)]
    [InlineData(SandboxFlavor.Platform, Step.Evaluate, FailureKind.ConversationNotFound)]
    [InlineData(SandboxFlavor.Platform, Step.ReadGuest, FailureKind.GuestNotFound)]
    public async Task A_404_says_what_is_not_there(SandboxFlavor flavor, Step step, FailureKind kind)
    {
        await using var world = await StartAsync(flavor);
        (await RefusedAsync(world, flavor, step, known: false)).Kind.ShouldBe(kind);
        (await world.Baton.Center.ReadQueueStatusAsync(Guid.NewGuid().ToString(), Ct)).Error.ShouldBe("Queue not found");
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Steps))]
    public async Task A_429_says_until_when_with_and_without_the_header(SandboxFlavor flavor, Step step)
    {
        await using var world = await StartAsync(flavor);
        foreach (var (header, least, most) in ((int?, double, double)[])[(40, 39, 40), (null, 1, 60)])
        {
            world.Sandbox.Faults.Replace([new Fault { Kind = FaultKind.TooManyRequests, Path = Reads, RetryAfterSeconds = header }, new Fault { Kind = FaultKind.HideRateHeaders }]);
            var refused = await RefusedAsync(world, flavor, step);
            refused.Kind.ShouldBe(FailureKind.RateLimited);
            (refused.NotBefore!.Value - world.Time.GetUtcNow()).TotalSeconds.ShouldBeInRange(least, most);
            world.Sandbox.Faults.Clear();
            await world.PassAsync(TimeSpan.FromSeconds(61));
        }
        await ReadAsync(world, flavor, step);
    }

    /// <summary>The transfer of guide 000 and the enqueue of guide 003: an answer is looked into before it is believed, and each has its line in the audit file.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(SandboxFlavor.Guide, false, 400, HandoffState.Failed, FailureKind.BadRequest)]
    [InlineData(SandboxFlavor.Guide, false, 404, HandoffState.WithAgent, null)]
    [InlineData(SandboxFlavor.Guide, false, 409, HandoffState.WithAgent, null)]
    [InlineData(SandboxFlavor.Guide, true, 400, HandoffState.Failed, FailureKind.BadRequest)]
    [InlineData(SandboxFlavor.Guide, true, 404, HandoffState.WithAgent, null)]
    [InlineData(SandboxFlavor.Guide, true, 409, HandoffState.WithAgent, null)]
    [InlineData(SandboxFlavor.Platform, false, 400, HandoffState.Failed, FailureKind.BadRequest)]
    [InlineData(SandboxFlavor.Platform, false, 404, HandoffState.WithAgent, null)]
    [InlineData(SandboxFlavor.Platform, false, 409, HandoffState.WithAgent, null)]
    [InlineData(SandboxFlavor.Platform, true, 400, HandoffState.Failed, FailureKind.BadRequest)]
    [InlineData(SandboxFlavor.Platform, true, 404, HandoffState.WithAgent, null)]
    [InlineData(SandboxFlavor.Platform, true, 409, HandoffState.WithAgent, null)]
    public async Task An_answer_to_the_move_is_looked_into(SandboxFlavor flavor, bool byGuest, int status, HandoffState end, FailureKind? failure)
    {
        await using var world = await StartAsync(flavor);
        world.Fails(FaultKind.Status, (flavor, byGuest) switch
        {
            (SandboxFlavor.Platform, _) => HandoffWorld.Transfers,
            (_, true) => "/api/v2/routing/conversations/queue/*",
            _ => "/api/v2/conversations/*/participants/*/transfer",
        }, status: status);
        var started = world.Organization.StartConversation(new GuestProfile("Gina"), "I was charged twice");
        var requested = world.Request(started.ConversationId, new Core.Policies.RouteStep { Queue = world.Queue("Support") });
        if (byGuest) requested = requested with { GuestId = flavor == SandboxFlavor.Guide ? started.GuestId : started.CustomerParticipantId };
        var handoff = await world.UntilAsync((await world.Baton.Store.StartHandoffAsync(requested, null, Ct)).Handoff, end);
        world.Applied(started.ConversationId).ShouldBe(end == HandoffState.WithAgent ? ["Support"] : []);
        var first = JsonNode.Parse(File.ReadAllLines(AuditFile)[0])!;
        (first["status"]!.GetValue<string>(), first["error_code"]!.GetValue<int>()).ShouldBe(("failed", status));
        if (failure is not null) (handoff.Failure, handoff.FailureSentence!.Contains($"HTTP {status}", StringComparison.Ordinal)).ShouldBe((failure, true), handoff.FailureSentence);
        (await world.StepsAsync(handoff)).ShouldContain("transferRefused");
    }

    public void Dispose() => folder.Delete(recursive: true);
}
