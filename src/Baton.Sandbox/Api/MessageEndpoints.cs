using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

static class MessageEndpoints
{
    const int MaxText = 2000;
    const int MaxBulk = 1000;
    const string View = "conversation:message:view conversation:webmessaging:view";
    const string Create = "conversation:message:create conversation:webmessaging:create";

    public static void MapMessages(this ApiRoutes api)
    {
        api.Any("GET", "/conversations/messages/{conversationId}/messages/{messageId}", View, Get);
        api.Any("GET", "/conversations/messages/{messageId}/details", View, Details);
        api.Any("POST", "/conversations/messages/{conversationId}/messages/bulk", View, Bulk);
        api.Any("POST", "/conversations/messages/{conversationId}/communications/{communicationId}/messages", Create, Send);
        api.Any("POST", "/conversations/messages/{conversationId}/communications/{communicationId}/typing", Create, Typing);
    }

    static Answer Get(Call call)
    {
        var conversation = call.Conversation();
        var message = conversation.Messages.Find(m => m.Id == call.Path("messageId")) ?? throw Refusals.NotFound();
        return Answer.Ok(MessageWire.Data(conversation, message, call.Query("useNormalizedMessage") != "false"));
    }

    static Answer Details(Call call) => call.World.MessagesById.TryGetValue(call.Path("messageId"), out var found)
        ? Answer.Ok(MessageWire.Data(found.Conversation, found.Message))
        : throw Refusals.NotFound();

    static Answer Bulk(Call call)
    {
        var conversation = call.Conversation();
        var wanted = Call.TextList(call.Body, "body");
        if (wanted.Count > MaxBulk) throw Refusals.BadRequest($"At most {MaxBulk} message ids may be asked for.");
        var found = wanted.Select(id => conversation.Messages.Find(m => m.Id == id)).OfType<Message>();
        return Answer.Ok(Json.Object(("entities", Json.Array(found, m => MessageWire.Data(conversation, m)))));
    }

    static Answer Send(Call call)
    {
        var conversation = call.Conversation();
        var leg = Communication(call, conversation);
        var text = call.Text("textBody");
        var media = call.TextList("mediaIds") ?? [];
        var template = call.BodyObject["messagingTemplate"];
        var contents = (text is null ? 0 : 1) + (media.Count == 0 ? 0 : 1) + (template is null ? 0 : 1);
        if (contents != 1 || media.Count > 1) throw Refusals.BadRequest("Exactly one of textBody, one media id or messagingTemplate is required.");
        if (text?.Length > MaxText) throw Refusals.BadRequest($"The textBody is longer than {MaxText} characters.");
        var message = call.World.Conversing.Say(conversation, leg, "api", text ?? "", byHuman: leg.Purpose == "agent", call.Client!.Id, media);
        return Answer.Ok(MessageWire.Data(conversation, message));
    }

    static Answer Typing(Call call)
    {
        var conversation = call.Conversation();
        Communication(call, conversation);
        if (call.BodyObject["typing"] is not System.Text.Json.Nodes.JsonObject typing) throw Refusals.Missing("typing");
        if (Call.Text(typing, "type") is not ("On" or "Off")) throw Refusals.InvalidValue(Call.Text(typing, "type") ?? "", "type", ["On", "Off"]);
        call.World.Messaging.Types(conversation, Call.Text(typing, "type")!, typing["duration"] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue<int>(out var duration) ? duration : 5000);
        return Answer.NoContent;
    }

    static Leg Communication(Call call, Conversation conversation)
    {
        var id = call.PathId("communicationId");
        var leg = conversation.Find(l => l.CommunicationId == id, Refusals.NotFound);
        return leg.IsConnected ? leg : throw Refusals.BadRequest("The communication is not connected.");
    }
}
