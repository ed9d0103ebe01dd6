using System.Text.Json.Nodes;
using Baton.Sandbox.Assist;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Conversations;

sealed class Conversation(string id, int number, BotFlow flow, GuestProfile guest, Random chance, DateTimeOffset start)
{
    /// <summary>The platform keeps this many.</summary>
    const int RecentTransfers = 20;

    public string Id { get; } = id;

    /// <summary>Its place among all conversations, the last word where two are equal.</summary>
    public int Number { get; } = number;
    public Media Media { get; init; }
    public BotFlow Flow { get; } = flow;
    public GuestProfile Guest { get; } = guest;
    public Random Chance { get; } = chance;

    /// <summary>Of its own: an assistant changes no other id of the conversation.</summary>
    public required Random AssistChance { get; init; }
    public DateTimeOffset Start { get; } = start;
    public DateTimeOffset? End { get; set; }
    public string BotSessionId { get; } = chance.NextId();
    public List<Leg> Legs { get; } = [];
    public List<Transfer> Transfers { get; } = [];
    public List<Message> Messages { get; } = [];
    public List<BotTurn> Turns { get; } = [];

    /// <summary>What assistants suggested to its agents, in that order.</summary>
    public List<Suggestion> Suggestions { get; } = [];

    /// <summary>What the guides' event stream tells, in the order it happened.</summary>
    public List<TimelineEvent> Timeline { get; } = [];
    public Sentiment? Sentiment { get; set; }
    public GuideQuirks Quirks { get; set; } = new();

    /// <summary>The routingData that was last set over the guide flavor.</summary>
    public JsonObject? RoutingData { get; set; }

    public bool IsCall => Media == Media.Voice;

    public Leg Customer => Legs[0];
    public Leg Workflow => Legs.FindLast(l => l.IsFlow)!;
    public Leg? Waiting => Legs.FindLast(l => l.Purpose == "acd" && l.IsConnected);
    public Leg? AlertingAgent => Legs.FindLast(l => l.Purpose == "agent" && l.IsAlerting);
    public Leg? Agent => Legs.FindLast(l => l.Purpose == "agent" && l.IsConnected);
    public Leg? Holder => Legs.FindLast(l => l.Purpose != "customer" && l.IsConnected);

    public Leg Find(Func<Leg, bool> which, Func<Exception> otherwise) => Legs.Find(l => which(l)) ?? throw otherwise();

    public void Remember(Transfer transfer)
    {
        Transfers.Add(transfer);
        if (Transfers.Count > RecentTransfers) Transfers.RemoveAt(0);
    }

    public ConversationView ViewAt(DateTimeOffset now) => new(
        Id,
        Start,
        End,
        [.. Legs.Select(l => new ParticipantView(l.Id, l.CommunicationId, l.Purpose, l.StateAt(now), l.Queue?.Id, l.Agent?.Id, l.Start, l.Connected, l.End, l.DisconnectType,
            new Dictionary<string, string>(l.Attributes, StringComparer.Ordinal)))],
        [.. Transfers.Select(t => new TransferView(t.Id, t.State, t.Queue?.Id, t.Agent?.Id))],
        [.. Messages.Select(m => new MessageView(m.Id, m.From, m.Text, m.Time))])
    {
        Media = Media,
    };
}
