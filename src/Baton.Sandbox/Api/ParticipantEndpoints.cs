using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

static class ParticipantEndpoints
{
    const string Change = "conversation:participant:wrapup conversation:call:record conversation:communication:disconnect";

    public static void MapParticipants(this ApiRoutes api)
    {
        foreach (var leg in (string[])["/conversations/{conversationId}/participants/{participantId}", "/conversations/messages/{conversationId}/participants/{participantId}"])
        {
            var isMedia = leg.StartsWith("/conversations/messages", StringComparison.Ordinal);
            api.Any("PATCH", leg, Change, Patch);
            api.Any("PATCH", leg + "/attributes", "", call => SetAttributes(call, answerThem: isMedia));
            api.Any("GET", leg + "/wrapupcodes", "", WrapupCodes);
            api.Any("GET", leg + "/wrapup", "", GetWrapup);
        }
        const string Communication = "/conversations/messages/{conversationId}/participants/{participantId}/communications/{communicationId}";
        api.Any("PATCH", Communication, "", PatchCommunication);
        api.Any("GET", Communication + "/wrapup", "", GetWrapup);
        api.Any("POST", Communication + "/wrapup", "conversation:participant:wrapup", PostWrapup);
    }

    static Answer Patch(Call call)
    {
        var conversation = call.Conversation();
        var leg = call.Leg(conversation);
        var state = call.OneOf("state", "connected", "disconnected");
        if (call.BodyObject["wrapup"] is JsonObject wrapup) WrapUp(call, conversation, leg, wrapup);
        if (state == "disconnected") HangUp(call, conversation, leg);
        return Answer.Accepted;
    }

    static Answer PatchCommunication(Call call)
    {
        var conversation = call.Conversation();
        var leg = call.Leg(conversation);
        if (call.Text("state") != "disconnected") throw new Refusal(400, "communication.state.required", "Can only update a communication's state to disconnected.");
        HangUp(call, conversation, leg);
        return Answer.NoContent;
    }

    static void HangUp(Call call, Conversation conversation, Leg leg)
    {
        if (leg.End is not null) throw new Refusal(400, "conversation.error.participant.no.active.conversations", "The participant has no active conversations.");
        if (leg.Purpose == "agent" && leg.IsConnected) call.World.Conversing.AgentEnds(conversation, leg);
        else if (leg.Purpose == "agent") call.World.Conversing.Leave(conversation, leg, "client");
        else call.World.Conversing.End(conversation, "system", by: "client");
    }

    static Answer SetAttributes(Call call, bool answerThem)
    {
        var conversation = call.Conversation();
        var leg = call.Leg(conversation);
        if (call.BodyObject["attributes"] is not JsonObject attributes) throw Refusals.Missing("attributes");
        if (attributes.Any(a => a.Value is null)) throw new Refusal(400, "conversation.error.participant.attribute.null", "Participant attributes cannot be null.");
        var pairs = attributes.Select(a => KeyValuePair.Create(a.Key, Call.Text(attributes, a.Key)!)).ToList();
        call.World.Conversing.SetAttributes(conversation, leg, pairs, "client", call.Client!.Id);
        return answerThem ? Answer.Of(202, Json.Object(("attributes", ConversationWire.Attributes(leg)))) : Answer.Accepted;
    }

    static Answer WrapupCodes(Call call)
    {
        call.Leg(call.Conversation());
        return Answer.Ok(Json.Array(call.World.WrapupCodes, c => Json.Object(("id", c.Id), ("name", c.Name), ("selfUri", $"/api/v2/routing/wrapupcodes/{c.Id}"))));
    }

    static Answer GetWrapup(Call call)
    {
        var leg = call.Leg(call.Conversation());
        return Answer.Ok(Json.Object(("assignedUser", leg.Agent is { } agent ? Json.Ref(agent.Id, $"/api/v2/users/{agent.Id}") : null), ("wrapup", ConversationWire.Wrapup(leg))));
    }

    static Answer PostWrapup(Call call)
    {
        var conversation = call.Conversation();
        var leg = call.Leg(conversation);
        if (leg.CommunicationId != call.PathId("communicationId")) throw Refusals.NotFound();
        WrapUp(call, conversation, leg, call.BodyObject);
        return Answer.Accepted;
    }

    static void WrapUp(Call call, Conversation conversation, Leg leg, JsonObject body)
    {
        var code = Call.Text(body, "code") ?? throw new Refusal(400, "conversation.error.wrapup.code.required", "A wrap-up code is required.");
        var known = call.World.WrapupCodes.Find(c => c.Id == code);
        call.World.Conversing.WrapUp(conversation, leg, new(
            code,
            known?.Name ?? Call.Text(body, "name") ?? code,
            Call.Text(body, "notes"),
            body["tags"] is { } tags ? Call.TextList(tags, "tags") : [],
            body["durationSeconds"] is JsonValue seconds && seconds.TryGetValue<int>(out var duration) ? duration : 0,
            call.Now,
            body["provisional"]?.GetValueKind() == System.Text.Json.JsonValueKind.True));
    }
}
