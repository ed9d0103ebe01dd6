using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>Conversations and their events as the guides show them.</summary>
static class GuideWire
{
    public static JsonObject Render(Conversation conversation, DateTimeOffset asOf) => Json.Object(
        ("id", conversation.Id),
        ("state", StateAt(conversation, asOf)),
        ("type", conversation.Media.Guide()),
        ("startTime", conversation.Start.Text()),
        ("participants", Json.Array(PresentAt(conversation, asOf), p => Json.Object(("id", p.Id), ("userId", p.Agent?.Id), ("purpose", p.Purpose), ("queueId", p.Queue?.Id)))),
        ("attributes", Attributes(conversation)));

    /// <summary>Waiting in a queue is active; transferring is only what has been asked for and has not happened.</summary>
    public static string StateAt(Conversation conversation, DateTimeOffset asOf) =>
        conversation.End <= asOf ? "terminated" :
        conversation.Transfers.Exists(t => t.By != "system" && t.Issued <= asOf && t.StateAt(asOf) == "Pending") ? "transferring" : "active";

    public static JsonObject Event(Conversation conversation, TimelineEvent what, int number) => Json.Object(
        ("id", what.Message?.Id ?? $"{conversation.Id}-{number}"),
        ("type", what.Type),
        ("timestamp", what.Time.Text()),
        ("from", Json.Object(("id", what.By?.Id ?? "system"), ("role", Role(what.By)))),
        ("text", what.Message?.Text),
        ("sentiment", what.Message?.Sentiment),
        ("intent", what.Message?.Intent is { } intent ? Json.Object(("name", intent.Name), ("confidence", intent.Confidence)) : null),
        ("queueId", what.Queue?.Id));

    /// <summary>Participants carry no state here, so those who left are not told. Of an ended conversation, those who saw it end.</summary>
    static IEnumerable<Leg> PresentAt(Conversation conversation, DateTimeOffset asOf)
    {
        var ended = conversation.End <= asOf;
        return conversation.Legs.Where(l => l.Connected <= asOf && (l.End is null || l.End > asOf || (ended && l.End == conversation.End)));
    }

    static JsonObject Attributes(Conversation conversation)
    {
        var attributes = ConversationWire.Attributes(conversation.Customer);
        if (conversation.RoutingData is { } routing) attributes["routingData"] = routing.DeepClone();
        return attributes;
    }

    static string Role(Leg? leg) => leg switch
    {
        { Purpose: "customer" } => "customer",
        { IsFlow: true } => "bot",
        { Purpose: "agent" } => "agent",
        _ => "system",
    };
}
