using System.Text.Json.Nodes;
using Baton.Sandbox.Assist;
using Baton.Sandbox.Knowledge;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>What is found, as the guide shows it.</summary>
sealed record GuideSuggestion(Match Found, string KnowledgeSourceId)
{
    const int Most = 5;

    static readonly OddSuggestions Odd = new(s => s, s => s, (s, text) => s["content"] = text);

    /// <summary>A source names a knowledge base. One that does not stands for some of those nobody named, so that the guide's own examples find something.</summary>
    public static IReadOnlyList<GuideSuggestion> Find(World world, string transcript, IReadOnlyList<string> sources)
    {
        var library = world.Knowledge;
        var named = sources.Where(s => library.Find(s) is not null).DistinctBy(s => library.Find(s)).ToDictionary(s => library.Find(s)!);
        var others = sources.Where(s => library.Find(s) is null).ToList();
        var sourceOf = new Dictionary<Article, string>();
        for (var i = 0; i < library.Articles.Count; i++)
        {
            var article = library.Articles[i];
            if (named.TryGetValue(article.Base, out var source)) sourceOf.Add(article, source);
            else if (others.Count > 0) sourceOf.Add(article, others[i % others.Count]);
        }
        return [.. library.Search(transcript, sourceOf.ContainsKey).Take(Most).Select(m => new GuideSuggestion(m, sourceOf[m.Article]))];
    }

    public static JsonArray Render(IReadOnlyList<GuideSuggestion> suggestions, IReadOnlyList<Fault> struck) => Odd.Spoil(Json.Array(suggestions, s => s.Render()), struck);

    JsonObject Render() => Json.Object(
        ("id", $"sug-{Found.Article.Id}"),
        ("title", Found.Article.Title),
        ("content", Found.Article.Text),
        ("confidence", Found.Confidence),
        ("knowledgeSourceId", KnowledgeSourceId),
        ("metadata", Json.Object(("tags", Json.Strings(Found.Article.Tags)))));
}
