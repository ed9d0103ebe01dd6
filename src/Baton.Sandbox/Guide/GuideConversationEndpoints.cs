using Baton.Sandbox.Http;

namespace Baton.Sandbox.Guide;

/// <summary>Rows 000 a, 000 b and 002 a of the contract: what is read about conversations.</summary>
static class GuideConversationEndpoints
{
    const int EventsPerPage = 250;
    const int ConversationsPerPage = 25;

    static readonly string[] States = ["active", "transferring", "terminated"];

    public static void MapGuideConversations(this ApiRoutes api)
    {
        api.Scoped("GET", "/conversations/{conversationId}/events", GuideScopes.ConversationView, Events);
        api.Scoped("GET", "/conversations/{conversationId}", GuideScopes.ConversationView, Get);
        api.Scoped("POST", "/conversations/query", GuideScopes.ConversationRead, Query);
    }

    static Answer Events(Call call)
    {
        var conversation = call.KnownConversation();
        var asOf = call.AsOf(conversation);
        var numbered = conversation.Timeline.Where(e => e.Time <= asOf).Select((e, i) => (Event: e, Number: i + 1)).ToList();
        return call.WalkByCursor("events", numbered, call.PageSize(EventsPerPage), call.Query("cursor"), e => GuideWire.Event(conversation, e.Event, e.Number));
    }

    static Answer Get(Call call)
    {
        var conversation = call.KnownConversation();
        return Answer.Ok(GuideWire.Render(conversation, call.AsOf(conversation)));
    }

    static Answer Query(Call call)
    {
        var state = call.OptionalText("state");
        if (state is not null && !States.Contains(state)) throw Refusals.InvalidValue(state, "state", States);
        call.OptionalTexts("expand");
        var found = call.World.Conversations.Where(c => state is null || GuideWire.StateAt(c, call.Now) == state).ToList();
        return call.WalkByCursor("conversations", found, call.PageSizeInBody(ConversationsPerPage), call.OptionalText("cursor"), c => GuideWire.Render(c, call.Now));
    }
}
