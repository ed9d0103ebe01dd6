using Baton.Sandbox.Conversations;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox;

/// <summary>Calls: who rings, who talks, who hangs up.</summary>
public sealed partial class Organization
{
    /// <summary>Somebody calls. The flow for calls holds the caller; with a queue the caller waits there; with an agent, by id or name, they are talking.
    /// The agent has the call from the given queue, or from the first of theirs that takes calls.</summary>
    public StartedCall StartCall(GuestProfile guest, string? agent = null, string? queue = null)
    {
        lock (world.Gate)
        {
            var answering = agent is null ? null : FindAgent(agent);
            var from = queue is null ? answering?.Queues.Find(q => q.Takes(Media.Voice)) : FindQueue(queue);
            if (from?.Takes(Media.Voice) == false) throw Refused($"The queue {from.Name} does not take {Media.Voice.Platform()}.");
            var call = world.Conversing.StartCall(guest, new BotFlow(Draws.For(world.Options.Seed, "call flow").NextId(), "Inbound Call Flow"));
            if (answering is not null) Answer(call, answering, from);
            else if (from is not null) world.Transferring.Request(call, call.Workflow, new(from, null, By: "other") { AtOnce = true });
            var holder = call.Holder!;
            return new(call.Id, call.Customer.Id, call.Customer.CommunicationId, holder.Id, holder.CommunicationId);
        }
    }

    /// <summary>A second agent comes into the call, as a conference does.</summary>
    public void JoinCall(string conversationId, string agent) => InCall(conversationId, c =>
    {
        if (c.Agent is null) throw Refused("No agent is in the call.");
        world.Routing.Place(c, FindAgent(agent), c.Agent.Queue);
    });

    /// <summary>The caller hangs up.</summary>
    public void HangUp(string conversationId) => InCall(conversationId, world.Conversing.CustomerLeaves);

    void Answer(Conversation call, Agent agent, Queue? from)
    {
        var flow = call.Workflow;
        world.Conversing.Leave(call, flow, "transfer");
        if (from is null)
        {
            world.Routing.Place(call, agent, null);
            return;
        }
        world.Conversing.Note(call, "transfer", flow, from);
        var waiting = world.Conversing.Join(call, "acd", from.Name, from, agent: null, needs: new RoutingNeeds(world.Now));
        var talking = world.Routing.Place(call, agent, from);
        world.Conversing.Leave(call, waiting, "transfer", answeredBy: talking);
        world.Transferring.NoteAssignment(call, waiting, agent);
    }

    void InCall(string conversationId, Action<Conversation> act) =>
        InLive(conversationId, c => act(c.IsCall ? c : throw Refused("The conversation is not a call.")));
}
