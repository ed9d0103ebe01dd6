using Baton.Sandbox.Events;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Conversations;

/// <summary>Who joins a conversation, who leaves it, what is said in it.</summary>
sealed class ConversationDesk(World world)
{
    public Conversation Start(GuestProfile guest, string? firstMessage, BotFlow flow)
    {
        var conversation = Begin(guest, flow, Media.Message);
        if (firstMessage is not null) Say(conversation, conversation.Customer, "guest", firstMessage, byHuman: true);
        return conversation;
    }

    /// <summary>Somebody calls, and the flow for calls answers.</summary>
    public Conversation StartCall(GuestProfile guest, BotFlow flow) => Begin(guest, flow, Media.Voice);

    Conversation Begin(GuestProfile guest, BotFlow flow, Media media)
    {
        var number = world.Conversations.Count;
        var chance = Draws.For(world.Options.Seed, "conversation", number);
        var conversation = new Conversation(chance.NextId(), number, flow, guest, chance, world.Now)
        {
            Media = media,
            AssistChance = Draws.For(world.Options.Seed, "assist", number),
        };
        world.Conversations.Add(conversation);
        world.ConversationsById.Add(conversation.Id, conversation);
        world.Ledger.Append(new() { Kind = LedgerKind.ConversationStarted, ConversationId = conversation.Id });
        var customer = Join(conversation, "customer", guest.Name, queue: null, agent: null);
        foreach (var (key, value) in guest.Attributes ?? new Dictionary<string, string>()) customer.Attributes[$"context.{key}"] = value;
        Join(conversation, FlowPurpose(conversation), flow.Name, queue: null, agent: null);
        return conversation;
    }

    static string FlowPurpose(Conversation conversation) => conversation.IsCall ? "ivr" : "workflow";

    public Leg Join(Conversation conversation, string purpose, string name, Queue? queue, Agent? agent,
        bool alerting = false, bool manual = false, RoutingNeeds? needs = null, Transfer? broughtBy = null)
    {
        var now = world.Now;
        var leg = new Leg(conversation.Chance.NextId(), conversation.Chance.NextId(), purpose, name, now)
        {
            Alerting = alerting ? now : null,
            Connected = alerting ? null : now,
            IsCall = conversation.IsCall,
            Queue = queue,
            Agent = agent,
            Needs = needs,
            Manual = manual,
            BroughtBy = broughtBy,
        };
        conversation.Legs.Add(leg);
        if (leg.IsConnected) Note(conversation, "participantJoined", leg);
        world.Events.Started(conversation, leg);
        world.Notifying.ConversationChanged(conversation);
        return leg;
    }

    public void Leave(Conversation conversation, Leg leg, string disconnectType, Leg? answeredBy = null)
    {
        if (leg.End is not null) return;
        var now = world.Now;
        leg.End = now;
        leg.DisconnectType = disconnectType;
        leg.Next?.Cancel();
        leg.Next = null;
        if (leg.Connected is not null) Note(conversation, "participantLeft", leg);
        world.Events.Ended(conversation, leg, answeredBy);
        if (leg is not { Agent: not null, Connected: not null, Queue.WrapupRequired: true })
        {
            if (leg.Agent is not null) world.Routing.Release(leg);
            world.Notifying.ConversationChanged(conversation);
            return;
        }
        leg.AcwStart = now;
        world.Events.Acw(conversation, leg);
        world.Notifying.ConversationChanged(conversation);
        var wrapUpAfter = leg.Agent.Behavior.WrapUpAfter;
        if (wrapUpAfter != Timeout.InfiniteTimeSpan) leg.Next = world.Agenda.After(wrapUpAfter, () => WrapUp(conversation, leg, DefaultWrapup(now)));
    }

    public Message Say(Conversation conversation, Leg leg, string from, string text, bool byHuman, string? client = null, IReadOnlyList<string>? mediaIds = null,
        IReadOnlyList<string>? quickReplies = null, ButtonResponse? response = null)
    {
        var message = new Message(conversation.Chance.NextId(), leg.CommunicationId, from, text, world.Now, byHuman) { MediaIds = mediaIds ?? [], QuickReplies = quickReplies ?? [], Response = response };
        conversation.Messages.Add(message);
        leg.Messages.Add(message);
        conversation.Timeline.Add(new("message", message.Time, from == "system" ? null : leg) { Message = message });
        world.MessagesById.Add(message.Id, (conversation, message));
        world.Ledger.Append(new() { Kind = LedgerKind.MessageSent, ConversationId = conversation.Id, LegId = leg.Id, MessageId = message.Id, From = from, Text = text, Client = client });
        world.Assisting.Heard(conversation, message);
        world.Messaging.Said(conversation, leg, message);
        world.Notifying.ConversationChanged(conversation);
        return message;
    }

    public void Note(Conversation conversation, string type, Leg? by, Queue? queue = null) =>
        conversation.Timeline.Add(new(type, world.Now, by) { Queue = queue ?? by?.Queue });

    public void CustomerLeaves(Conversation conversation)
    {
        if (conversation.End is not null) return;
        world.Ledger.Append(new() { Kind = LedgerKind.CustomerLeft, ConversationId = conversation.Id });
        End(conversation, conversation.IsCall ? "endpoint" : "client", by: "guest");
    }

    /// <summary>The last agent hangs up: nobody is left to talk to, so the customer's leg ends too.</summary>
    public void AgentEnds(Conversation conversation, Leg leg)
    {
        if (!leg.IsConnected) return;
        world.Ledger.Append(new() { Kind = LedgerKind.AgentEnded, ConversationId = conversation.Id, LegId = leg.Id, QueueId = leg.Queue?.Id, UserId = leg.Agent?.Id });
        Leave(conversation, leg, "client");
        if (conversation.Holder is null && conversation.AlertingAgent is null) End(conversation, "peer", by: "agent");
        world.Routing.Assign();
    }

    public void ReturnToBot(Conversation conversation, Leg agent)
    {
        Join(conversation, FlowPurpose(conversation), conversation.Flow.Name, queue: null, agent: null);
        Leave(conversation, agent, "transfer");
        world.Routing.Assign();
    }

    public void End(Conversation conversation, string customerDisconnectType, string by)
    {
        if (conversation.End is not null) return;
        foreach (var leg in conversation.Legs.Where(l => l.End is null).ToArray())
            Leave(conversation, leg, leg.Purpose == "customer" ? customerDisconnectType : "peer");
        foreach (var transfer in conversation.Transfers.Where(t => t.IsUnderway)) transfer.Become("Canceled", world.Now);
        conversation.End = world.Now;
        Note(conversation, "disconnect", by switch { "guest" => conversation.Customer, "agent" => conversation.Legs.FindLast(l => l.Purpose == "agent"), _ => null });
        world.Ledger.Append(new() { Kind = LedgerKind.ConversationEnded, ConversationId = conversation.Id, By = by });
        world.Messaging.Ended(conversation);
        world.Notifying.ConversationChanged(conversation);
        world.Routing.Assign();
    }

    /// <param name="code">By name; the first there is when it is null or not known.</param>
    public void WrapUpAs(Conversation conversation, Leg leg, string? code)
    {
        var usual = DefaultWrapup(leg.AcwStart ?? world.Now);
        WrapUp(conversation, leg, world.WrapupCodes.Find(c => c.Name == code) is { } known ? usual with { Code = known.Id, Name = known.Name } : usual);
    }

    public void WrapUp(Conversation conversation, Leg leg, Wrapup wrapup)
    {
        leg.Wrapup = wrapup;
        world.Ledger.Append(new() { Kind = LedgerKind.WrappedUp, ConversationId = conversation.Id, LegId = leg.Id, UserId = leg.Agent?.Id, Detail = wrapup.Name });
        if (leg.AcwStart is null || leg.AcwEnd is not null || wrapup.Provisional) return;
        leg.AcwEnd = world.Now;
        leg.Next?.Cancel();
        leg.Next = null;
        world.Events.WrappedUp(conversation, leg);
        world.Notifying.ConversationChanged(conversation);
        world.Routing.Release(leg);
        world.Routing.Assign();
    }

    public void SetAttributes(Conversation conversation, Leg leg, IEnumerable<KeyValuePair<string, string>> attributes, string by, string? client = null)
    {
        foreach (var (key, value) in attributes) leg.Attributes[key] = value;
        var keys = string.Join(",", attributes.Select(a => a.Key));
        world.Ledger.Append(new() { Kind = LedgerKind.AttributesChanged, ConversationId = conversation.Id, LegId = leg.Id, By = by, Client = client, Detail = keys });
        world.Events.Attributes(conversation, leg);
        world.Notifying.ConversationChanged(conversation);
    }

    Wrapup DefaultWrapup(DateTimeOffset acwStart)
    {
        var seconds = (int)(world.Now - acwStart).TotalSeconds;
        return world.WrapupCodes.Count > 0
            ? new(world.WrapupCodes[0].Id, world.WrapupCodes[0].Name, null, [], seconds, world.Now, Provisional: false)
            : new("ININ-WRAP-UP-TIMEOUT", "ININ-WRAP-UP-TIMEOUT", null, [], seconds, world.Now, Provisional: false);
    }
}
