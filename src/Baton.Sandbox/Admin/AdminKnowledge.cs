using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baton.Sandbox.Admin;

static class AdminKnowledge
{
    public static void MapAdminKnowledge(this IEndpointRouteBuilder admin, Organization organization)
    {
        admin.MapGet("/knowledge", () => Bases(organization, StatusCodes.Status200OK));
        admin.MapPost("/knowledge", (HttpRequest request, CancellationToken ct) => LoadAsync(organization, request, ct));
        admin.MapDelete("/knowledge", () =>
        {
            organization.ClearKnowledge();
            return Results.NoContent();
        });
        admin.MapPut("/queues/{id}/assistant", (string id, HttpRequest request, CancellationToken ct) => BindAsync(organization, id, request, ct));
        admin.MapDelete("/queues/{id}/assistant", (string id) =>
        {
            organization.UnbindAssistant(id);
            return Results.NoContent();
        });
        admin.MapGet("/conversations/{id}/suggestions", (string id) => Results.Json(organization.Suggestions(id), SandboxJson.Default.IReadOnlyListSuggestionView));
    }

    /// <summary>One article, or a list of them; a base that is not there yet is made. Nothing is loaded unless all can be.</summary>
    static async Task<IResult> LoadAsync(Organization organization, HttpRequest request, CancellationToken ct)
    {
        var body = await JsonNode.ParseAsync(request.Body, cancellationToken: ct);
        var articles = (body is JsonArray list ? list.ToArray() : [body]).Select(Read).ToList();
        foreach (var (knowledgeBase, article) in articles)
        {
            var known = organization.KnowledgeBases.FirstOrDefault(b => b.Id == knowledgeBase || string.Equals(b.Name, knowledgeBase, StringComparison.OrdinalIgnoreCase));
            organization.AddArticle((known ?? organization.AddKnowledgeBase(knowledgeBase, knowledgeBase)).Id, article);
        }
        return Bases(organization, StatusCodes.Status201Created);
    }

    static (string KnowledgeBase, KnowledgeArticle Article) Read(JsonNode? node)
    {
        var body = node as JsonObject ?? throw new JsonException("An article is a JSON object with \"knowledgeBaseId\", \"title\" and \"text\".");
        var text = body.Text("text") ?? body.Text("answer") ?? throw new JsonException("\"text\" is missing in the article.");
        return (body.Required("knowledgeBaseId"), new KnowledgeArticle(body.Required("title"), text) { Id = body.Text("id"), Tags = body.Texts("tags") });
    }

    static async Task<IResult> BindAsync(Organization organization, string queue, HttpRequest request, CancellationToken ct)
    {
        var body = await AdminBody.ReadAsync(request, ct);
        var usual = new AssistantBehavior();
        var bound = organization.BindAssistant(queue, body.ContainsKey("knowledgeBaseIds") ? body.Texts("knowledgeBaseIds") : null, new()
        {
            SuggestsAfter = body.Seconds("suggestsAfterSeconds") ?? usual.SuggestsAfter,
            AtMost = (int?)body.Number("atMost") ?? usual.AtMost,
            MinConfidence = body.Number("minConfidence") ?? usual.MinConfidence,
            Turns = (int?)body.Number("turns") ?? usual.Turns,
        });
        return AdminEndpoints.Json(Render(bound));
    }

    public static JsonObject Render(AssistantView assistant) =>
        Wire.Json.Object(("id", assistant.Id), ("queueId", assistant.QueueId), ("knowledgeBaseIds", Wire.Json.Strings(assistant.KnowledgeBaseIds)));

    public static JsonArray Render(IReadOnlyList<KnowledgeBaseView> bases) =>
        Wire.Json.Array(bases, b => Wire.Json.Object(("id", b.Id), ("name", b.Name), ("articles", b.Articles)));

    static IResult Bases(Organization organization, int status) => AdminEndpoints.Json(Wire.Json.Object(("knowledgeBases", Render(organization.KnowledgeBases))), status);
}
