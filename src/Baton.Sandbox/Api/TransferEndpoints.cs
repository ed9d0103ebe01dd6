using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;

namespace Baton.Sandbox.Api;

/// <summary>All of them answer 202 with an empty body; what happens, happens later.</summary>
static class TransferEndpoints
{
    const string Leg = "/conversations/{conversationId}/participants/{participantId}";
    const string Blind = "conversation:communication:blindTransfer";

    public static void MapTransfers(this ApiRoutes api)
    {
        api.Any("POST", Leg + "/replace/queue", Blind + " conversation:communication:blindTransferQueue", ReplaceQueue);
        api.Any("POST", Leg + "/replace/agent", Blind + " conversation:communication:blindTransferAgent", ReplaceAgent);
        api.Any("POST", Leg + "/transfer", Blind, ToAddress);
        api.Any("POST", Leg + "/replace", Blind, Replace);
        api.Any("POST", "/conversations/messages/{conversationId}/participants/{participantId}/replace", Blind, Replace);
    }

    static Answer ReplaceQueue(Call call) =>
        Transfer(call, () => (call.Text("queueId"), call.Text("queueName")) switch
        {
            ({ } id, _) => Destination.OfQueue(QueueById(call, id)),
            (null, { } name) => Destination.OfQueue(call.World.Queue(name)),
            _ => throw Refusals.NoDestination(),
        });

    static Answer ReplaceAgent(Call call)
    {
        var named = call.Text("userId") ?? call.Text("userName") ?? call.Text("userDisplayName") ?? throw Refusals.NoDestination();
        return Transfer(call, () => Destination.OfAgent(call.World.Agent(named)));
    }

    static Answer ToAddress(Call call) => Transfer(call, () => ByAddress(call, call.Text("address")));

    static Answer Replace(Call call) => Transfer(call, () => (call.Text("queueId"), call.Text("userId"), call.Text("userName")) switch
    {
        ({ } queue, _, _) => Destination.OfQueue(QueueById(call, queue)),
        (_, { } user, _) => Destination.OfAgent(call.World.Agent(user)),
        (_, _, { } name) => Destination.OfAgent(call.World.Agent(name)),
        _ => ByAddress(call, call.Text("address")),
    });

    static Destination ByAddress(Call call, string? address)
    {
        if (string.IsNullOrWhiteSpace(address)) throw Refusals.NoDestination();
        return call.World.Queue(address) is { } queue ? Destination.OfQueue(queue) : new(null, call.World.Agent(address) ?? throw Refusals.NoQueue());
    }

    static Answer Transfer(Call call, Func<Destination> where)
    {
        var type = call.OneOf("transferType", "Attended", "Unattended") ?? "Unattended";
        var destination = where();
        var conversation = call.Conversation();
        var participantId = call.PathId("participantId");
        var from = conversation.Find(l => l.Id == participantId, Refusals.NotFound);
        var fenced = call.World.Options.LegFence;
        if (fenced && !from.IsConnected) throw Refusals.NotConnected();
        if (from.Purpose == "customer") throw Refusals.BadRequest("The customer cannot be replaced.");
        if (destination.Queue?.Takes(conversation.Media) == false) throw Refusals.BadRequest($"The queue does not take {conversation.Media.Platform()}.");
        if (fenced && from.Purpose == "acd" && from.Queue == destination.Queue) throw Refusals.SameParty();
        if (from.Purpose == "agent" && from.Agent == destination.Agent) throw Refusals.SameParty();
        if (fenced && conversation.Transfers.Exists(t => t.From == from && t is { State: "Active", Type: "Attended", By: not "system" })) throw Refusals.NotConnected();
        call.World.Transferring.Request(conversation, from, new(destination.Queue, destination.Agent, type, "client", call.Client!.Id)
        {
            Fails = call.Fault(FaultKind.TransferFailsAfterAccepted) is not null,
            AgentQuick = call.Fault(FaultKind.AgentQuick) is not null,
            Delay = call.Fault(FaultKind.ApplyLate) is { } late ? TimeSpan.FromMilliseconds(late.Milliseconds) : null,
        });
        return Answer.Accepted;
    }

    static Queue? QueueById(Call call, string id) =>
        Guid.TryParseExact(id, "D", out _) ? call.World.Queues.Find(q => string.Equals(q.Id, id, StringComparison.OrdinalIgnoreCase)) : throw Refusals.BadRequest($"The value [{id}] of queueId is not a valid id.");

    sealed record Destination(Queue? Queue, Agent? Agent)
    {
        public static Destination OfQueue(Queue? queue) => new(queue ?? throw Refusals.NoQueue(), null);
        public static Destination OfAgent(Agent? agent) => new(null, agent ?? throw Refusals.NotFound());
    }
}
