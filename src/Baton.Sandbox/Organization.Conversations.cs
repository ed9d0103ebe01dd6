using Baton.Sandbox.Conversations;
using Baton.Sandbox.Events;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox;

/// <summary>What guests, bots, agents and other systems do.</summary>
public sealed partial class Organization
{
    /// <summary>All conversations in the order they started.</summary>
    public IReadOnlyList<string> ConversationIds
    {
        get { lock (world.Gate) return [.. world.Conversations.Select(c => c.Id)]; }
    }

    /// <summary>A guest opens the messenger and writes; the flow answers. <paramref name="botFlow"/> by id or name, the first flow otherwise.</summary>
    public StartedConversation StartConversation(GuestProfile guest, string? firstMessage = "Hello", string? botFlow = null)
    {
        lock (world.Gate)
        {
            if (world.Flows.Count == 0) AddBotFlow("Main Bot");
            var flow = botFlow is null ? world.Flows[0] : world.Flows.Find(f => f.Id == botFlow || f.Name == botFlow) ?? throw Unknown("bot flow", botFlow);
            var started = world.Conversing.Start(guest, firstMessage, flow);
            return new(started.Id, started.Customer.Id, started.Customer.CommunicationId, started.Workflow.Id, started.Workflow.CommunicationId, started.BotSessionId);
        }
    }

    public void GuestSays(string conversationId, string text) =>
        InLive(conversationId, c => world.Conversing.Say(c, c.Customer, "guest", text, byHuman: true));

    public void BotSays(string conversationId, string text) =>
        InLive(conversationId, c => world.Conversing.Say(c, c.Workflow.IsConnected ? c.Workflow : throw Refused("The bot has left the conversation."), "bot", text, byHuman: false));

    public void AgentSays(string conversationId, string text) =>
        InLive(conversationId, c => world.Conversing.Say(c, c.Agent ?? throw Refused("No agent is in the conversation."), "agent", text, byHuman: true));

    /// <summary>One ask action of the bot, as the reporting turns will tell it. It says nothing to the guest by itself.</summary>
    public void BotTurn(string conversationId, string userInput, IReadOnlyList<string> botPrompts, string? intentName = null, double? confidence = null,
        string askActionResult = "SuccessCollection") =>
        InLive(conversationId, c => c.Turns.Add(new(c.Chance.NextId(), userInput, botPrompts, intentName, confidence, askActionResult, world.Now, c.Turns.Count + 1)));

    public void SetSentiment(string conversationId, double score, double trend = 0)
    {
        lock (world.Gate)
        {
            var conversation = Find(conversationId);
            conversation.Sentiment = new Sentiment(score, trend);
            world.Events.SentimentChanged(conversation);
        }
    }

    public void SetAttributes(string conversationId, IReadOnlyDictionary<string, string> attributes) =>
        InLive(conversationId, c => world.Conversing.SetAttributes(c, c.Customer, attributes, "other"));

    public void GuestLeaves(string conversationId) => InLive(conversationId, c => world.Conversing.CustomerLeaves(c));

    public void AgentEnds(string conversationId) =>
        InLive(conversationId, c => world.Conversing.AgentEnds(c, c.Agent ?? throw Refused("No agent is in the conversation.")));

    /// <summary>The agent sends the conversation on to a queue.</summary>
    public void AgentTransfers(string conversationId, string queue) =>
        InLive(conversationId, c => world.Transferring.Request(c, c.Agent ?? throw Refused("No agent is in the conversation."), new(FindQueue(queue), null, By: "agent")));

    /// <summary>The agent sends the conversation back into the flow, as an agent's desktop can: a new bot leg, with a new id.</summary>
    public void AgentReturnsToBot(string conversationId) =>
        InLive(conversationId, c => world.Conversing.ReturnToBot(c, c.Agent ?? throw Refused("No agent is in the conversation.")));

    /// <summary>Somebody else's integration, or the flow itself, transfers whoever holds the conversation.</summary>
    public void OtherSystemTransfers(string conversationId, string queue) =>
        InLive(conversationId, c => world.Transferring.Request(c, c.Holder ?? throw Refused("Nobody holds the conversation."), new(FindQueue(queue), null, By: "other")));

    public ConversationView Conversation(string conversationId)
    {
        lock (world.Gate) return Find(conversationId).ViewAt(world.Now);
    }

    void InLive(string conversationId, Action<Conversation> act)
    {
        lock (world.Gate)
        {
            var conversation = Find(conversationId);
            if (conversation.End is not null) throw Refused("The conversation has ended.");
            act(conversation);
        }
    }

    Conversation Find(string conversationId) => world.ConversationsById.GetValueOrDefault(conversationId) ?? throw Unknown("conversation", conversationId);

    static InvalidOperationException Refused(string sentence) => new(sentence);
}
