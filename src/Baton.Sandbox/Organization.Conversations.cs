using Baton.Sandbox.Conversations;
using Baton.Sandbox.Events;
using Baton.Sandbox.Routing;
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

    /// <param name="sentiment">0 to 1, as the guide flavor tells it with the message.</param>
    public void GuestSays(string conversationId, string text, double? sentiment = null, string? intentName = null, double? confidence = null) =>
        InWriting(conversationId, c =>
        {
            var message = world.Conversing.Say(c, c.Customer, "guest", text, byHuman: true);
            message.Sentiment = sentiment;
            message.Intent = intentName is null ? null : new(intentName, confidence ?? 0);
        });

    /// <param name="quickReplies">What the guest may press instead of writing.</param>
    public void BotSays(string conversationId, string text, IReadOnlyList<string>? quickReplies = null) =>
        InWriting(conversationId, c => world.Conversing.Say(c, c.Workflow.IsConnected ? c.Workflow : throw Refused("The bot has left the conversation."), "bot", text, byHuman: false, quickReplies: quickReplies));

    public void AgentSays(string conversationId, string text) =>
        InWriting(conversationId, c => world.Conversing.Say(c, c.Agent ?? throw Refused("No agent is in the conversation."), "agent", text, byHuman: true));

    /// <summary>One ask action of the bot, as the reporting turns will tell it; the guide flavor tells its intent with the guest's latest message.
    /// It says nothing to the guest by itself.</summary>
    public void BotTurn(string conversationId, string userInput, IReadOnlyList<string> botPrompts, string? intentName = null, double? confidence = null,
        string askActionResult = "SuccessCollection") =>
        InLive(conversationId, c =>
        {
            c.Turns.Add(new(c.Chance.NextId(), userInput, botPrompts, intentName, confidence, askActionResult, world.Now, c.Turns.Count + 1));
            if (intentName is not null && LatestOf(c) is { } message) message.Intent = new(intentName, confidence ?? 0);
        });

    /// <summary>From -1 to 1. The guide flavor tells it with the guest's latest message, from 0 to 1.</summary>
    public void SetSentiment(string conversationId, double score, double trend = 0)
    {
        lock (world.Gate)
        {
            var conversation = Find(conversationId);
            conversation.Sentiment = new Sentiment(score, trend);
            if (LatestOf(conversation) is { } message) message.Sentiment = (score + 1) / 2;
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
        InLive(conversationId, c => world.Transferring.Request(c, c.Agent ?? throw Refused("No agent is in the conversation."), new(QueueFor(c, queue), null, By: "agent")));

    /// <summary>The agent sends the conversation back into the flow, as an agent's desktop can: a new bot leg, with a new id.</summary>
    public void AgentReturnsToBot(string conversationId) =>
        InLive(conversationId, c => world.Conversing.ReturnToBot(c, c.Agent ?? throw Refused("No agent is in the conversation.")));

    /// <summary>Somebody else's integration, or the flow itself, transfers whoever holds the conversation.</summary>
    public void OtherSystemTransfers(string conversationId, string queue) =>
        InLive(conversationId, c => world.Transferring.Request(c, c.Holder ?? throw Refused("Nobody holds the conversation."), new(QueueFor(c, queue), null, By: "other")));

    public void SetQuirks(string conversationId, GuideQuirks quirks)
    {
        lock (world.Gate) Find(conversationId).Quirks = quirks;
    }

    public ConversationView Conversation(string conversationId)
    {
        lock (world.Gate) return Find(conversationId).ViewAt(world.Now);
    }

    void InWriting(string conversationId, Action<Conversation> act) =>
        InLive(conversationId, c => act(c.IsCall ? throw Refused("Nobody writes in a call.") : c));

    Queue QueueFor(Conversation conversation, string idOrName) =>
        FindQueue(idOrName) is var queue && queue.Takes(conversation.Media) ? queue : throw Refused($"The queue {queue.Name} does not take {conversation.Media.Platform()}.");

    static Message? LatestOf(Conversation conversation) => conversation.Messages.FindLast(m => m.From == "guest");

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
