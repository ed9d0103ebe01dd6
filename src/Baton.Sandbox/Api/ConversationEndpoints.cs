using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

/// <summary>The conversation as a whole.</summary>
static class ConversationEndpoints
{
    const string Disconnect = "conversation:communication:disconnect";
    const string Assigners =
        "conversation:call:assign conversation:callback:assign conversation:webchat:assign conversation:email:assign conversation:message:assign " +
        "conversation:call:pull conversation:callback:pull conversation:webchat:pull conversation:email:pull conversation:message:pull";

    public static void MapConversations(this ApiRoutes api)
    {
        api.Any("GET", "/conversations", "", _ => throw Refusals.NotAUser());
        api.Any("GET", "/conversations/messages", "", _ => throw Refusals.NotAUser());
        api.Any("GET", "/conversations/{conversationId}", "conversation:communication:view", Get);
        api.Any("GET", "/conversations/messages/{conversationId}", "", GetMessageConversation);
        api.Any("DELETE", "/conversations/{conversationId}", Disconnect, TearDown);
        api.Any("POST", "/conversations/{conversationId}/disconnect", Disconnect, TearDown);
        api.Any("POST", "/conversations/{conversationId}/assign", Assigners, Assign);
    }

    static Answer Get(Call call)
    {
        var conversation = call.Conversation();
        return Answer.Ok(ConversationWire.Render(call.World, conversation, call.AsOf(conversation)));
    }

    static Answer GetMessageConversation(Call call)
    {
        var conversation = call.Conversation();
        return Answer.Ok(MessageConversationWire.Render(call.World, conversation, call.AsOf(conversation)));
    }

    static Answer TearDown(Call call)
    {
        call.World.Conversing.End(call.Conversation(), "system", by: "client");
        return Answer.Accepted;
    }

    static Answer Assign(Call call)
    {
        var conversation = call.Conversation();
        var userId = call.Text("id") ?? throw Refusals.Missing("id");
        var agent = call.World.Agents.Find(a => a.Id == userId) ?? throw Refusals.NotFound();
        var waiting = conversation.Waiting ?? throw Refusals.BadRequest("The conversation is not waiting in a queue.");
        if (conversation.AlertingAgent is { } ringing) call.World.Conversing.Leave(conversation, ringing, "transfer");
        call.World.Routing.Alert(conversation, agent, waiting.Queue, manual: true);
        return Answer.Accepted;
    }
}
