using Baton.Sandbox.Conversations;

namespace Baton.Sandbox.Routing;

/// <summary>Brings waiting conversations and free agents together: the highest rank first, to the agent longest without a change of status.</summary>
sealed class RoutingDesk(World world)
{
    /// <summary>Those that entered a queue and, until somebody is free to look, also those that have left it since.</summary>
    readonly HashSet<Conversation> queued = [];

    public void Enters(Conversation conversation) => queued.Add(conversation);

    public int WaitingIn(Queue queue, Media? media = null) => queued.Count(c => c.Waiting?.Queue == queue && (media is null || c.Media == media));

    /// <summary>Looks at everything that waits. Called after each change that could let somebody be served.</summary>
    public void Assign()
    {
        if (!world.Agents.Exists(a => a.HasRoom)) return;
        queued.RemoveWhere(c => c.Waiting is null);
        var waiting = queued
            .Where(c => c.AlertingAgent is null)
            .OrderBy(c => c.Waiting!.Needs!.Rank)
            .ThenBy(c => c.Number)
            .ToList();
        foreach (var conversation in waiting)
        {
            var leg = conversation.Waiting!;
            if (Free(conversation, leg).FirstOrDefault() is { } agent) Alert(conversation, agent, leg.Queue, manual: false);
        }
    }

    /// <summary>The fault <c>agentQuick</c>: somebody of the queue has it at once, busy or not.</summary>
    public void TakeAtOnce(Conversation conversation)
    {
        var queue = conversation.Waiting?.Queue;
        var agent = Free(conversation, conversation.Waiting!).FirstOrDefault() ?? world.Agents.Find(a => queue is not null && a.Queues.Contains(queue));
        if (agent is null) return;
        AcceptNow(conversation, Alert(conversation, agent, queue, manual: false));
    }

    /// <summary>Not when the agent's behavior would have it.</summary>
    public void AcceptNow(Conversation conversation, Leg leg)
    {
        leg.Next?.Cancel();
        Accept(conversation, leg);
    }

    public void Decline(Conversation conversation, Leg leg)
    {
        leg.Next?.Cancel();
        Miss(conversation, leg);
    }

    public Leg Alert(Conversation conversation, Agent agent, Queue? queue, bool manual, Transfer? broughtBy = null)
    {
        var leg = world.Conversing.Join(conversation, "agent", agent.Name, queue, agent, alerting: true, manual: manual, broughtBy: broughtBy);
        Occupy(agent, conversation);
        world.Ledger.Append(new() { Kind = LedgerKind.AgentAlerted, ConversationId = conversation.Id, LegId = leg.Id, QueueId = queue?.Id, UserId = agent.Id });
        var timeout = queue?.AlertingTimeout ?? TimeSpan.FromSeconds(30);
        leg.Next = agent.Behavior.Answers && agent.Behavior.AcceptAfter < timeout
            ? world.Agenda.After(agent.Behavior.AcceptAfter, () => Accept(conversation, leg))
            : world.Agenda.After(timeout, () => Miss(conversation, leg));
        return leg;
    }

    void Accept(Conversation conversation, Leg leg)
    {
        var agent = leg.Agent!;
        var now = world.Now;
        leg.Connected = now;
        agent.Become("INTERACTING", now);
        world.Conversing.Note(conversation, "participantJoined", leg);
        world.Ledger.Append(new() { Kind = LedgerKind.AgentAccepted, ConversationId = conversation.Id, LegId = leg.Id, QueueId = leg.Queue?.Id, UserId = agent.Id });
        if (conversation.Waiting is { } waiting)
        {
            waiting.Queue!.PastWaits.Add(now - waiting.Start);
            world.Conversing.Leave(conversation, waiting, "transfer", answeredBy: leg);
            if (waiting.BroughtBy is { } transfer) world.Transferring.Complete(conversation, transfer);
            world.Transferring.NoteAssignment(conversation, waiting, agent);
        }
        if (leg.BroughtBy is { } direct) world.Transferring.Complete(conversation, direct);
        world.Notifying.ConversationChanged(conversation);
        if (!conversation.IsCall && agent.Behavior.Greeting is { } greeting) world.Conversing.Say(conversation, leg, "agent", greeting, byHuman: true);
        world.Assisting.Accepted(conversation, leg);
        Handle(conversation, leg);
    }

    void Handle(Conversation conversation, Leg leg)
    {
        var time = leg.Agent!.Behavior.HandleTime;
        leg.Next = time == Timeout.InfiniteTimeSpan ? null : world.Agenda.After(time, () => world.Conversing.AgentEnds(conversation, leg));
    }

    /// <summary>The agent is in the conversation without having been alerted: it is how a scene begins, not how routing works.</summary>
    public Leg Place(Conversation conversation, Agent agent, Queue? queue)
    {
        var leg = world.Conversing.Join(conversation, "agent", agent.Name, queue, agent);
        Occupy(agent, conversation);
        agent.Become("INTERACTING", world.Now);
        world.Ledger.Append(new() { Kind = LedgerKind.AgentAccepted, ConversationId = conversation.Id, LegId = leg.Id, QueueId = queue?.Id, UserId = agent.Id });
        Handle(conversation, leg);
        return leg;
    }

    static void Occupy(Agent agent, Conversation conversation)
    {
        agent.Load++;
        if (conversation.IsCall) agent.Calls++;
    }

    void Miss(Conversation conversation, Leg leg)
    {
        var agent = leg.Agent!;
        world.Ledger.Append(new() { Kind = LedgerKind.AgentMissed, ConversationId = conversation.Id, LegId = leg.Id, QueueId = leg.Queue?.Id, UserId = agent.Id });
        world.Conversing.Leave(conversation, leg, "transfer.noanswer");
        SetStatus(agent, "NOT_RESPONDING");
        if (agent.Behavior.BackAfter != Timeout.InfiniteTimeSpan)
            world.Agenda.After(agent.Behavior.BackAfter, () => { if (agent.Status == "NOT_RESPONDING") SetStatus(agent, "IDLE"); });
        if (conversation.Waiting is null) world.Transferring.NobodyTook(conversation, leg);
        Assign();
    }

    public void SetStatus(Agent agent, string status)
    {
        agent.Become(status, world.Now);
        if (status is "IDLE") Assign();
    }

    /// <summary>The agent has one conversation less to care for.</summary>
    public void Release(Leg leg)
    {
        var agent = leg.Agent!;
        agent.Load--;
        if (leg.IsCall) agent.Calls--;
        if (agent is { Load: 0, Status: "INTERACTING" }) agent.Become("IDLE", world.Now);
    }

    IEnumerable<Agent> Free(Conversation conversation, Leg waiting)
    {
        var needs = waiting.Needs!;
        return world.Agents
            .Where(a => a.Joined.Contains(waiting.Queue!) && a.HasRoom && !(conversation.IsCall && a.Calls > 0))
            .Where(a => needs.Skills.TrueForAll(a.Skills.Contains) && (needs.Language is null || a.Languages.Contains(needs.Language)))
            .OrderBy(a => a.StatusSince);
    }
}
