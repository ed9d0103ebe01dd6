using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>Rows 000 e and 003 c of the contract. What is answered has happened: the guide flavor has no transfer that comes later, unless a fault makes one.</summary>
static class GuideTransferEndpoints
{
    public static void MapGuideTransfers(this ApiRoutes api)
    {
        api.Scoped("POST", "/conversations/{conversationId}/participants/{participantId}/transfer", GuideScopes.ConversationTransfer, Transfer);
        api.Scoped("POST", "/routing/conversations/queue/{queueId}", GuideScopes.RoutingConversation, Enqueue);
    }

    static Answer Transfer(Call call)
    {
        var conversation = call.KnownConversation();
        var participantId = call.Path("participantId");
        var from = conversation.Find(l => string.Equals(l.Id, participantId, StringComparison.OrdinalIgnoreCase), () => GuideCalls.Unknown("participant", participantId));
        var (type, queue) = (call.RequiredText("transferType"), Destination(call));
        if (type is not ("queue" or "skill")) throw Refusals.InvalidValue(type, "transferType", ["queue", "skill"]);
        var skills = type == "skill" ? Skills(call) : null;
        if (from.Purpose == "customer") throw Refusals.BadRequest("The customer cannot be transferred.");
        if (!queue.Takes(conversation.Media)) throw GuideCalls.Invalid("queueId", $"The queue {queue.Name} does not take {conversation.Media.Guide()}.");

        if (from.End is not null) throw GuideCalls.Conflict("The participant has left the conversation.");
        if (!from.IsConnected) throw GuideCalls.Conflict("The participant has not joined the conversation yet.");
        if (GuideWire.StateAt(conversation, call.Now) == "transferring") throw GuideCalls.TransferUnderway();
        if (from is { Purpose: "acd" } && from.Queue == queue) throw Refusals.SameParty();
        var transfer = call.World.Transferring.Request(conversation, from, Order(call, queue) with { Skills = skills });
        return Answer.Ok(Json.Object(("id", transfer.Id), ("conversationId", conversation.Id), ("queueId", queue.Id), ("status", "transferred")));
    }

    static Answer Enqueue(Call call)
    {
        var queue = call.KnownQueue();
        var conversationId = call.RequiredText("conversationId");
        var (welcome, initial) = (call.OptionalText("welcomeMessage"), call.OptionalText("initialMessage"));
        var priority = call.NumberWithin("priority", 1, 10);
        var conversation = call.KnownConversation(conversationId);
        if (conversation.End is not null) throw GuideCalls.Unknown("conversation", conversationId);
        if (!queue.Takes(conversation.Media)) throw GuideRoutingEndpoints.InvalidRoutingData("media.not.supported", "queueId");
        if (conversation.IsCall && !string.IsNullOrEmpty(initial)) throw GuideCalls.Invalid("initialMessage", "A call takes no initialMessage.");

        if (GuideWire.StateAt(conversation, call.Now) == "transferring") throw GuideCalls.TransferUnderway();
        if (conversation.Waiting is { } waiting && waiting.Queue == queue) throw GuideCalls.Conflict("The conversation already waits in the queue.");
        var holder = conversation.Holder ?? throw GuideCalls.TransferUnderway();
        var status = queue.IsActive ? conversation.Quirks.EnqueueStatus : "rejected";
        var id = status != "queued" ? conversation.Chance.NextId() : call.World.Transferring.Request(conversation, holder, Order(call, queue) with
        {
            Priority = priority,
            IsForAll = true,
            WelcomeMessage = welcome,
            InitialMessage = initial,
        }).Id;
        return Answer.Ok(Json.Object(
            ("id", $"transfer-req-{id}"),
            ("conversationId", conversation.Id),
            ("queueId", queue.Id),
            ("status", status),
            ("welcomeMessage", welcome),
            ("initialMessage", initial),
            ("priority", priority),
            ("self", call.Self())));
    }

    /// <summary>At once, unless a fault says otherwise.</summary>
    public static TransferOrder Order(Call call, Queue queue) => new(queue, null, Client: call.Client!.Id)
    {
        AtOnce = true,
        Fails = call.Fault(FaultKind.TransferFailsAfterAccepted) is not null,
        AgentQuick = call.Fault(FaultKind.AgentQuick) is not null,
        Delay = call.Fault(FaultKind.ApplyLate) is { } late ? TimeSpan.FromMilliseconds(late.Milliseconds) : null,
    };

    static Queue Destination(Call call)
    {
        var id = call.RequiredText("queueId");
        var queue = call.Queue(id) ?? throw GuideCalls.Invalid("queueId", $"The queue {id} does not exist.");
        return queue.IsActive ? queue : throw GuideCalls.Invalid("queueId", $"The queue {queue.Name} is not active.");
    }

    static List<Skill> Skills(Call call)
    {
        if (call.OptionalTexts("skills") is not { Count: > 0 } named) throw GuideCalls.Missing("skills");
        return [.. named.Select(n => call.Skill(n) ?? throw GuideCalls.Invalid("skills", $"The skill {n} does not exist."))];
    }
}
