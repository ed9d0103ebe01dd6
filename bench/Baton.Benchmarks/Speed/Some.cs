using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Benchmarks.Speed;

static class Some
{
    public static HandoffPlan Plan { get; } = new() { Steps = [new RouteStep { Queue = "Support" }], Messages = new HandoffMessages { Transferring = "You are being transferred to a person." } };

    public static Handoff Handoff(string conversationId, DateTimeOffset now) =>
        Core.Handoffs.Handoff.Request(HandoffId.New(now), conversationId, Plan, new HandoffOrigin("bench", [new Reason("requested", "The benchmark asked for it.")], null), now);
}
