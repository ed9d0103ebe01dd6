using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Conversations;

/// <summary>
/// A transfer is accepted first and happens later. Between the two the leg may leave, the queue may be deleted, the guest may go:
/// then the accepted transfer fails and nothing moves.
/// </summary>
sealed class TransferDesk(World world)
{
    public Transfer Request(Conversation conversation, Leg from, TransferOrder order)
    {
        var transfer = new Transfer(conversation.Chance.NextId(), from, world.Now)
        {
            Queue = order.Queue,
            Agent = order.Agent,
            Type = order.Type,
            By = order.By,
            Client = order.Client,
            Skills = order.Skills,
            Priority = order.Priority,
            IsForAll = order.IsForAll,
            InitialMessage = order.InitialMessage,
            WelcomeMessage = order.WelcomeMessage,
            FailsWhenApplied = order.Fails,
            AgentQuick = order.AgentQuick,
        };
        transfer.Become("Pending", world.Now);
        conversation.Remember(transfer);
        world.Notifying.ConversationChanged(conversation);
        world.Ledger.Append(Entry(LedgerKind.TransferRequested, conversation, transfer));
        if (order is { AtOnce: true, Delay: null })
        {
            Apply(conversation, transfer);
            return transfer;
        }
        var delay = conversation.Chance.Between(world.Options.TransferDelayMin, world.Options.TransferDelayMax);
        world.Agenda.After(order.Delay ?? delay, () => Apply(conversation, transfer));
        return transfer;
    }

    void Apply(Conversation conversation, Transfer transfer)
    {
        if (WhyNot(conversation, transfer) is { } why)
        {
            if (transfer.State != "Canceled") transfer.Become("Failed", world.Now);
            world.Ledger.Append(Entry(LedgerKind.TransferFailed, conversation, transfer) with { Detail = why });
            world.Notifying.ConversationChanged(conversation);
            return;
        }
        transfer.Become("Active", world.Now);
        world.Conversing.Note(conversation, "transfer", transfer.From, transfer.Queue);
        var from = transfer.From.IsConnected ? transfer.From : conversation.Holder!;
        var carried = from.Needs;
        if (conversation.AlertingAgent is { } ringing) world.Conversing.Leave(conversation, ringing, "transfer");
        if (from.Purpose == "acd" && from.BroughtBy is { IsUnderway: true } earlier) Complete(conversation, earlier);
        if (transfer.Type == "Unattended" || from.Purpose == "acd") world.Conversing.Leave(conversation, from, "transfer");
        if (transfer.IsForAll) Empty(conversation);
        var arrived = transfer.Queue is { } queue ? Enqueue(conversation, queue, carried, transfer) : world.Routing.Alert(conversation, transfer.Agent!, from.Queue, manual: true, broughtBy: transfer);
        world.Ledger.Append(Entry(LedgerKind.TransferApplied, conversation, transfer) with { NewLegId = arrived.Id });
        if (transfer.WelcomeMessage is { } welcome) world.Conversing.SetAttributes(conversation, conversation.Customer, [new("welcomeMessage", welcome)], transfer.By, transfer.Client);
        if (transfer.InitialMessage is { } initial) world.Conversing.Say(conversation, arrived, "system", initial, byHuman: false, transfer.Client);
        if (transfer.AgentQuick && arrived.Purpose == "acd") world.Routing.TakeAtOnce(conversation);
        else world.Routing.Assign();
    }

    void Empty(Conversation conversation)
    {
        foreach (var leg in conversation.Legs.Where(l => l is { IsConnected: true, Purpose: "agent" }).ToArray()) world.Conversing.Leave(conversation, leg, "transfer");
    }

    string? WhyNot(Conversation conversation, Transfer transfer) => transfer switch
    {
        _ when conversation.End is not null => "the conversation has ended",
        { FailsWhenApplied: true } => "it was made to fail",
        { From.IsConnected: false } when world.Options.LegFence || conversation.Holder is null => "the leg has already left",
        { Queue: { } queue } when !world.Queues.Contains(queue) => "the queue no longer exists",
        _ => null,
    };

    Leg Enqueue(Conversation conversation, Queue queue, RoutingNeeds? carried, Transfer? broughtBy)
    {
        if (conversation.Waiting is null) world.Routing.Enters(conversation);
        var needs = carried?.CarriedOver(world.Now) ?? new RoutingNeeds(world.Now);
        if (broughtBy?.Skills is { } skills) needs.Skills = [.. skills];
        needs.Priority = broughtBy?.Priority ?? needs.Priority;
        return world.Conversing.Join(conversation, "acd", queue.Name, queue, agent: null, needs: needs, broughtBy: broughtBy);
    }

    public void Complete(Conversation conversation, Transfer transfer)
    {
        if (!transfer.IsUnderway) return;
        transfer.Become("Complete", world.Now);
        // Attended: whoever gave it away stayed until now.
        if (transfer.Type == "Attended") world.Conversing.Leave(conversation, transfer.From, "transfer");
    }

    /// <summary>The platform lists an assignment by routing among the transfers, without an initiator.</summary>
    public void NoteAssignment(Conversation conversation, Leg waiting, Agent agent)
    {
        var assignment = new Transfer(conversation.Chance.NextId(), waiting, waiting.Start) { Agent = agent, Type = "Attended", By = "system" };
        assignment.Become("Complete", world.Now);
        conversation.Remember(assignment);
    }

    /// <summary>A conversation handed to a person who did not answer goes to a queue of that person, where somebody else finds it.</summary>
    public void NobodyTook(Conversation conversation, Leg missed)
    {
        if (missed.BroughtBy is { } transfer) transfer.Become("Timeout", world.Now);
        if (conversation.Holder is not null) return;
        var queue = missed.Queue is { } last && world.Queues.Contains(last) ? last : missed.Agent!.Queues.Find(q => q.Takes(conversation.Media));
        if (queue is null) world.Conversing.End(conversation, "transfer.noanswer", by: "system");
        else Enqueue(conversation, queue, carried: null, broughtBy: null);
    }

    static LedgerEntry Entry(LedgerKind kind, Conversation conversation, Transfer transfer) => new()
    {
        Kind = kind,
        ConversationId = conversation.Id,
        LegId = transfer.From.Id,
        TransferId = transfer.Id,
        QueueId = transfer.Queue?.Id,
        UserId = transfer.Agent?.Id,
        By = transfer.By,
        Client = transfer.Client,
    };
}

/// <summary>What a transfer is asked to do, and what the faults make of it.</summary>
sealed record TransferOrder(Queue? Queue, Agent? Agent, string Type = "Unattended", string By = "client", string? Client = null)
{
    public IReadOnlyList<Skill>? Skills { get; init; }
    public int? Priority { get; init; }
    public bool IsForAll { get; init; }
    public string? InitialMessage { get; init; }
    public string? WelcomeMessage { get; init; }

    /// <summary>Carried out before it is answered.</summary>
    public bool AtOnce { get; init; }
    public bool Fails { get; init; }
    public bool AgentQuick { get; init; }
    public TimeSpan? Delay { get; init; }
}
