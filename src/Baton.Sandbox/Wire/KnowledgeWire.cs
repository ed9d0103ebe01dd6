using System.Text.Json.Nodes;
using Baton.Sandbox.Assist;
using Baton.Sandbox.Knowledge;

namespace Baton.Sandbox.Wire;

static class KnowledgeWire
{
    public const string Language = "en-US";

    public static readonly OddSuggestions Odd = new(
        result => result["document"]!.AsObject(),
        result => result,
        (result, text) => result["document"]!["answer"] = text);

    public static JsonObject Base(World world, KnowledgeBase knowledge) => Json.Object(
        ("id", knowledge.Id),
        ("name", knowledge.Name),
        ("coreLanguage", Language),
        ("dateCreated", knowledge.Created.Text()),
        ("articleCount", world.Knowledge.Articles.Count(a => a.Base == knowledge)),
        ("published", true),
        ("selfUri", Address(knowledge)));

    public static JsonObject Result(Match match, IReadOnlySet<string> asked)
    {
        var article = match.Article;
        var (start, end) = article.Passage(asked);
        var self = $"{Address(article.Base)}/documents/{article.Id}";
        return Json.Object(
            ("confidence", match.Confidence),
            ("document", Json.Object(
                ("id", article.Id),
                ("title", article.Title),
                ("visible", true),
                ("state", "Published"),
                ("dateModified", article.Modified.Text()),
                ("documentVersion", Json.Ref(article.VersionId, $"{self}/versions/{article.VersionId}")),
                ("labels", Json.Array(article.Tags, t => Json.Object(("name", t)))),
                ("knowledgeBase", Json.Object(("id", article.Base.Id), ("languageCode", Language), ("selfUri", Address(article.Base)))),
                ("variations", new JsonArray(Json.Object(("id", article.VariationId), ("contexts", new JsonArray()), ("body", Body(article)), ("selfUri", $"{self}/variations/{article.VariationId}")))),
                ("answer", article.Text[start..end]),
                ("selfUri", self))));
    }

    static JsonObject Body(Article article) => Json.Object(("blocks", new JsonArray(Json.Object(
        ("type", "Paragraph"),
        ("paragraph", Json.Object(("blocks", new JsonArray(Json.Object(("type", "Text"), ("text", Json.Object(("text", article.Text))))))))))));

    static string Address(KnowledgeBase knowledge) => $"/api/v2/knowledge/knowledgebases/{knowledge.Id}";
}
