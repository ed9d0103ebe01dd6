using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

/// <summary>Skills, languages, and what a waiting conversation asks of them.</summary>
static class SkillEndpoints
{
    const int MaxPriority = 25_000_000;

    public static void MapSkills(this ApiRoutes api)
    {
        api.Any("GET", "/routing/skills", "routing:skill:view", call => call.Page([.. call.World.Skills.Where(s => call.Named(s.Name) && Wanted(call, s.Id))], Render));
        api.Any("GET", "/routing/languages", "", call => call.Page([.. call.World.Languages.Where(l => call.Named(l.Name) && Wanted(call, l.Id))], Render));
        api.Any("PATCH", "/routing/conversations/{conversationId}", "routing:conversation:edit", PatchConversation);
    }

    static bool Wanted(Call call, string id) => call.QueryAll("id") is not { Count: > 0 } ids || ids.Contains(id);

    static JsonObject Render(Skill skill) => Json.Object(("id", skill.Id), ("name", skill.Name), ("state", "active"), ("version", "1"), ("selfUri", $"/api/v2/routing/skills/{skill.Id}"));

    static JsonObject Render(Language language) =>
        Json.Object(("id", language.Id), ("name", language.Name), ("state", "active"), ("version", "1"), ("selfUri", $"/api/v2/routing/languages/{language.Id}"));

    static Answer PatchConversation(Call call)
    {
        var conversation = call.Conversation();
        var waiting = conversation.Waiting ?? throw Refusals.BadRequest("The conversation is not waiting in a queue.");
        var needs = waiting.Needs!;
        var priority = call.Number("priority");
        if (priority is < -MaxPriority or > MaxPriority) throw Refusals.BadRequest($"The priority is not between {-MaxPriority} and {MaxPriority}.");
        var skills = call.TextList("skillIds")?.Select(id => call.World.Skills.Find(s => s.Id == id) ?? throw Refusals.BadRequest($"The skill {id} does not exist.")).ToList();
        var languageId = call.Text("languageId");
        var language = string.IsNullOrEmpty(languageId) ? null : call.World.Languages.Find(l => l.Id == languageId) ?? throw Refusals.BadRequest($"The language {languageId} does not exist.");
        var scored = ScoredAgents(call);

        needs.Priority = priority ?? needs.Priority;
        needs.Skills = skills ?? needs.Skills;
        if (languageId is not null) needs.Language = language;
        if (call.Text("skillExpression") is { } expression) needs.SkillExpression = expression.Length == 0 ? null : expression;
        if (call.Text("labelId") is { } label) needs.LabelId = label.Length == 0 ? null : label;
        needs.ScoredAgents = scored ?? needs.ScoredAgents;
        var changed = $"priority {needs.Priority}; skills {string.Join(",", needs.Skills.Select(s => s.Name))}; language {needs.Language?.Name ?? "any"}";
        var entry = new LedgerEntry { Kind = LedgerKind.RoutingChanged, ConversationId = conversation.Id, LegId = waiting.Id, QueueId = waiting.Queue!.Id };
        call.World.Ledger.Append(entry with { Client = call.Client!.Id, Detail = changed });
        call.World.Notifying.ConversationChanged(conversation);
        call.World.Routing.Assign();
        return Answer.Ok(Render(needs));
    }

    static JsonObject Render(RoutingNeeds needs) => Json.Object(
        ("priority", needs.Priority),
        ("skills", Json.Array(needs.Skills, Render)),
        ("language", needs.Language is { } language ? Render(language) : null),
        ("label", needs.LabelId is { } label ? Json.Ref(label, $"/api/v2/routing/utilization/labels/{label}") : null),
        ("scoredAgents", Json.Array(needs.ScoredAgents, s => Json.Object(("agent", Json.Ref(s.AgentId, $"/api/v2/users/{s.AgentId}")), ("score", s.Score)))),
        ("skillExpression", needs.SkillExpression));

    static List<(string, int)>? ScoredAgents(Call call)
    {
        if (call.BodyObject["requestScoredAgents"] is not JsonArray wanted) return null;
        return [.. wanted.OfType<JsonObject>().Select(w => (Call.Text(w["agent"] as JsonObject ?? throw Refusals.Missing("agent"), "id") ?? throw Refusals.Missing("agent.id"),
            w["score"] is JsonValue score && score.TryGetValue<int>(out var value) ? value : throw Refusals.Missing("score")))];
    }
}
