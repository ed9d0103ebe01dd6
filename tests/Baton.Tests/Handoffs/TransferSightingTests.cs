using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Tests.Handoffs;

/// <summary>What a reading of the conversation says of a transfer that was sent or may have been.</summary>
public sealed class TransferSightingTests
{
    static readonly TransferIntent intent = new("conversation", 1, "bot", "q-support", ["customer", "bot", "old-leg", "old-agent"], The.Start);
    static readonly Participant oldLeg = The.Leg("old-leg");

    public static TheoryData<string, ConversationView, TransferSighting> Sightings => new()
    {
        { "the queue's new leg", The.ViewInQueue, new TransferSighting.InQueue("leg-1") },
        { "an old leg of the same queue does not count", The.View(The.Customer, The.Bot, oldLeg), new TransferSighting.NotThere() },
        { "a leg of another queue does not count", The.View(The.Customer, The.Bot, The.Leg("leg-9", "q-else")), new TransferSighting.NotThere() },
        { "the newest of two legs", The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg("leg-1")), The.Leg("leg-2")), new TransferSighting.InQueue("leg-2") },
        { "an agent, the queue's leg gone", The.ViewWithAgent, new TransferSighting.WithAgent("leg-1", The.Agent) },
        { "an agent, the queue's leg no longer shown", The.View(The.Customer, The.Gone(The.Bot), The.Agent), new TransferSighting.WithAgent(null, The.Agent) },
        { "an agent and the customer gone at once", The.View(The.Gone(The.Customer), The.Gone(The.Leg()), The.Agent), new TransferSighting.WithAgent("leg-1", The.Agent) },
        { "an agent who was there before is not ours", The.View(The.Customer, The.Bot, The.Agent with { Id = "old-agent" }), new TransferSighting.NotThere() },
        { "a leg that ended with nobody connected", The.View(The.Customer, The.Gone(The.Bot), The.Gone(The.Leg()), The.AlertedAgent), new TransferSighting.PassedThrough("leg-1") },
        { "the customer gone from the bot", The.ViewWithoutCustomer, new TransferSighting.CustomerGone(null) },
        { "the customer gone from the queue", The.View(The.Gone(The.Customer), The.Gone(The.Leg())), new TransferSighting.CustomerGone("leg-1") },
        { "an ended conversation", The.ViewWithBot with { EndedAt = The.Start }, new TransferSighting.CustomerGone(null) },
        { "pending", The.ViewWithBot with { TransferInProgress = true }, new TransferSighting.UnderWay() },
        { "there already, though still called pending", The.ViewInQueue with { TransferInProgress = true }, new TransferSighting.InQueue("leg-1") },
        { "given up after the intent", The.ViewWithBot with { TransferFailedAt = The.Start.AddSeconds(1) }, new TransferSighting.GivenUp() },
        { "given up before the intent: another one", The.ViewWithBot with { TransferFailedAt = The.Start.AddSeconds(-1) }, new TransferSighting.NotThere() },
        { "a new one pending after one was given up", The.ViewWithBot with { TransferFailedAt = The.Start.AddSeconds(1), TransferInProgress = true }, new TransferSighting.UnderWay() },
        { "nothing", The.ViewWithBot, new TransferSighting.NotThere() },
        { "the leg gone", The.View(The.Customer, The.Gone(The.Bot)), new TransferSighting.LegLeft() },
        { "the leg no longer shown", The.View(The.Customer), new TransferSighting.LegLeft() },
    };

    [Theory]
    [MemberData(nameof(Sightings))]
    public void A_reading_says(string what, ConversationView view, TransferSighting expected) => intent.Look(view).ShouldBe(expected, what);
}
