using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;

namespace Baton.Sandbox.Guide;

/// <summary>Row 002 b of the contract: the routing intent of a conversation, set as a value. Whoever sets the same value again moves nothing.</summary>
static class GuideRoutingEndpoints
{
    public static void MapGuideRouting(this ApiRoutes api) =>
        api.Scoped("PATCH", "/conversations/{conversationId}", GuideScopes.ConversationWrite, Patch);

    public static Refusal InvalidRoutingData(string errorCode, string field) => new(400, "bad.request", "Invalid routingData") { Details = [(errorCode, field)] };

    static Answer Patch(Call call)
    {
        var conversation = call.KnownConversation();
        if (conversation.End is not null) throw GuideCalls.Unknown("conversation", conversation.Id);
        var wanted = (call.BodyObject["attributes"] as JsonObject)?["routingData"] as JsonObject ?? throw InvalidRoutingData("required.field.missing", "attributes.routingData");
        var queue = QueueOf(call, wanted);
        if (!queue.Takes(conversation.Media)) throw InvalidRoutingData("media.not.supported", "routingData.queueId");
        var skills = SkillsOf(call, wanted);
        if (wanted["attributes"] is not (null or JsonObject)) throw InvalidRoutingData("invalid.value", "routingData.attributes");

        var holder = conversation.Holder;
        if (holder?.Queue == queue && JsonNode.DeepEquals(conversation.RoutingData, wanted)) return Answer.Ok(GuideWire.Render(conversation, call.Now));
        if (GuideWire.StateAt(conversation, call.Now) == "transferring" || holder is null) throw GuideCalls.TransferUnderway();
        if (holder is { Purpose: "acd" } && holder.Queue == queue) Ask(call, conversation, holder, skills);
        else call.World.Transferring.Request(conversation, holder, GuideTransferEndpoints.Order(call, queue) with { Skills = skills ?? LastAsked(conversation), IsForAll = true });
        conversation.RoutingData = (JsonObject)wanted.DeepClone();
        return Answer.Ok(GuideWire.Render(conversation, call.Now));
    }

    static Queue QueueOf(Call call, JsonObject wanted)
    {
        const string Field = "routingData.queueId";
        if (wanted["queueId"] is not JsonValue value || !value.TryGetValue<string>(out var id)) throw InvalidRoutingData("required.field.missing", Field);
        var queue = call.Queue(id) ?? throw InvalidRoutingData("queue.not.found", Field);
        return queue.IsActive ? queue : throw InvalidRoutingData("queue.not.active", Field);
    }

    /// <summary>Null keeps what was asked before; an empty list asks for nobody in particular.</summary>
    static List<Skill>? SkillsOf(Call call, JsonObject wanted)
    {
        const string Field = "routingData.skillRequirements";
        if (wanted["skillRequirements"] is not { } node) return null;
        var named = GuideCalls.Texts(node) ?? throw InvalidRoutingData("invalid.value", Field);
        return [.. named.Select(n => call.Skill(n) ?? throw InvalidRoutingData("skill.not.found", Field))];
    }

    static void Ask(Call call, Conversation conversation, Leg waiting, List<Skill>? skills)
    {
        if (skills is null) return;
        waiting.Needs!.Skills = skills;
        call.World.Ledger.Append(new()
        {
            Kind = LedgerKind.RoutingChanged,
            ConversationId = conversation.Id,
            LegId = waiting.Id,
            QueueId = waiting.Queue!.Id,
            Client = call.Client!.Id,
            Detail = $"skills {string.Join(",", skills.Select(s => s.Name))}",
        });
        call.World.Routing.Assign();
    }

    /// <summary>An agent's leg asks for nothing; what its queue asked for lives on in the leg before it.</summary>
    static List<Skill>? LastAsked(Conversation conversation) => conversation.Legs.FindLast(l => l.Needs is not null)?.Needs!.Skills;
}
