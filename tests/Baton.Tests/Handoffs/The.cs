using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Tests.Handoffs;

/// <summary>The one handoff, conversation and organization these tests are about.</summary>
static class The
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    public static readonly HandoffPace Pace = HandoffPace.Default;
    public static readonly HandoffId Id = HandoffId.Parse("ho_0195a1b2c3d47e5f8a9b0c1d2e3f4a5b");

    public static readonly HandoffMessages Messages = new()
    {
        Transferring = "You are being transferred.",
        StillLooking = "Still looking for somebody.",
        NobodyCame = "Nobody is free; you keep your place.",
        NotPossible = "A transfer is not possible now.",
    };

    public static readonly HandoffPlan OneQueue = new() { Steps = [new RouteStep { Queue = "Support" }], Messages = Messages };

    /// <summary>Two minutes in Support, then Backup for as long as it takes.</summary>
    public static readonly HandoffPlan WithFallback = OneQueue with
    {
        Steps = [new RouteStep { Queue = "Support", MaxWait = TimeSpan.FromMinutes(2) }, new RouteStep { Queue = "Backup", MaxWait = TimeSpan.FromMinutes(2) }],
    };

    public static readonly HandoffPlan WithSkills = OneQueue with { Steps = [new RouteStep { Queue = "Support", Skills = ["billing"], Priority = 8 }] };

    public static HandoffPlan Silent(HandoffPlan plan) => plan with { Messages = new HandoffMessages() };

    public static readonly Participant Customer = new("customer", ParticipantRole.Customer) { CommunicationId = "customer-line", Connected = true };
    public static readonly Participant Bot = new("bot", ParticipantRole.Bot) { CommunicationId = "bot-line", Connected = true };

    public static Participant Leg(string id = "leg-1", string queue = "q-support") => new(id, ParticipantRole.Queue) { QueueId = queue, CommunicationId = id + "-line", Connected = true };
    public static readonly Participant Agent = new("agent", ParticipantRole.Agent) { UserId = "ada", CommunicationId = "agent-line", Connected = true };
    public static readonly Participant AlertedAgent = Agent with { Connected = false };

    public static Participant Gone(Participant participant) => participant with { EndedAt = Start, Connected = false };

    public static ConversationView View(params Participant[] participants) => new("conversation", Media.Message, null, participants);
    public static ConversationView ViewWithBot => View(Customer, Bot);
    public static ConversationView ViewInQueue => View(Customer, Gone(Bot), Leg());
    public static ConversationView ViewInBackup => View(Customer, Gone(Bot), Gone(Leg()), Leg("leg-2", "q-backup"));
    public static ConversationView ViewWithAgent => View(Customer, Gone(Bot), Gone(Leg()), Agent);
    public static ConversationView ViewWithoutCustomer => View(Gone(Customer), Bot);

    public static QueueCheck Support => new("Support", "q-support", "Support", 5, 2, 1);
    public static QueueCheck Backup => new("Backup", "q-backup", "Backup", 5, 2, 1);
    public static QueueCheck NoQueue => new("Support", null, null, null, null, null);
    public static QueueCheck NobodyOnQueue => Support with { OnQueue = 0, Free = 0 };

    public static Handoff Handoff(HandoffPlan? plan = null) =>
        Core.Handoffs.Handoff.Request(Id, "conversation", plan ?? OneQueue, new HandoffOrigin("policy", [new Reason("askedForHuman", "The customer asked for a human.")], null), Start);
}
