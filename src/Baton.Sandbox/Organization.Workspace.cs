using Baton.Sandbox.Conversations;

namespace Baton.Sandbox;

/// <summary>What a person does who sits at an agent's screen.</summary>
public sealed partial class Organization
{
    /// <summary>What alerts the agent, what the agent has, and what is still to be wrapped up, the oldest first.</summary>
    public IReadOnlyList<InteractionView> Interactions(string agent)
    {
        lock (world.Gate)
        {
            var who = FindAgent(agent);
            return [.. world.Conversations.SelectMany(c => c.Legs.Where(l => l.Agent == who && StateOf(l) is not null).Select(l => new InteractionView(
                c.Id, c.Guest.Name, l.Queue?.Name, StateOf(l)!.Value, l.AcwStart ?? l.Connected ?? l.Start, new Dictionary<string, string>(c.Customer.Attributes, StringComparer.Ordinal)))).OrderBy(i => i.Since)];
        }
    }

    public IReadOnlyList<string> WrapupCodes
    {
        get { lock (world.Gate) return [.. world.WrapupCodes.Select(c => c.Name)]; }
    }

    public void AgentAccepts(string conversationId, string agent) => InLive(conversationId, c => world.Routing.AcceptNow(c, Alerting(c, agent)));

    /// <summary>As if it had rung to the end.</summary>
    public void AgentDeclines(string conversationId, string agent) => InLive(conversationId, c => world.Routing.Decline(c, Alerting(c, agent)));

    public void AgentSays(string conversationId, string agent, string text) => InWriting(conversationId, c => world.Conversing.Say(c, Connected(c, agent), "agent", text, byHuman: true));

    public void AgentEnds(string conversationId, string agent) => InLive(conversationId, c => world.Conversing.AgentEnds(c, Connected(c, agent)));

    /// <param name="code">By name; the first there is when it is null.</param>
    public void AgentWrapsUp(string conversationId, string agent, string? code = null)
    {
        lock (world.Gate)
        {
            var (conversation, who) = (Find(conversationId), FindAgent(agent));
            var leg = conversation.Legs.FindLast(l => l.Agent == who && StateOf(l) == InteractionState.WrapUp) ?? throw Refused("There is nothing to wrap up.");
            world.Conversing.WrapUpAs(conversation, leg, code);
        }
    }

    Leg Alerting(Conversation conversation, string agent) =>
        FindAgent(agent) is var who && conversation.AlertingAgent is { } leg && leg.Agent == who ? leg : throw Refused("The conversation alerts this agent no longer.");

    Leg Connected(Conversation conversation, string agent) =>
        FindAgent(agent) is var who && conversation.Agent is { IsConnected: true } leg && leg.Agent == who ? leg : throw Refused("This agent is not in the conversation any more.");

    static InteractionState? StateOf(Leg leg) => leg switch
    {
        { IsAlerting: true } => InteractionState.Alerting,
        { IsConnected: true } => InteractionState.Connected,
        { AcwStart: not null, AcwEnd: null } => InteractionState.WrapUp,
        _ => null,
    };
}

public enum InteractionState { Alerting, Connected, WrapUp }

/// <param name="Attributes">Of the customer's participant.</param>
public sealed record InteractionView(string ConversationId, string Customer, string? Queue, InteractionState State, DateTimeOffset Since, IReadOnlyDictionary<string, string> Attributes);
