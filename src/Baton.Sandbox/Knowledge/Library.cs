using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Knowledge;

/// <summary>The organization's knowledge bases and what is written in them. Both flavors and the assistants look things up here, in the same way.</summary>
sealed class Library(World world)
{
    /// <summary>More words than these do not make a question clearer.</summary>
    const int EnoughWords = 6;
    const double TitleWeight = 0.6;

    readonly Random ids = Draws.For(world.Options.Seed, "knowledge");

    public List<KnowledgeBase> Bases { get; } = [];

    /// <summary>In the order they were loaded.</summary>
    public List<Article> Articles { get; } = [];

    public KnowledgeBase Add(string name, string? id)
    {
        var added = new KnowledgeBase(id ?? ids.NextId(), name, Bases.Count + 1, world.Now);
        Bases.Add(added);
        return added;
    }

    public KnowledgeBase? Find(string idOrName) => Bases.Find(b => b.Id == idOrName) ?? Bases.Find(b => string.Equals(b.Name, idOrName, StringComparison.OrdinalIgnoreCase));

    public Article Put(KnowledgeBase into, KnowledgeArticle given)
    {
        var article = new Article(into, given.Id ?? ids.NextId(), ids.NextId(), ids.NextId(), given, world.Now);
        var place = Articles.FindIndex(a => a.Base == into && a.Id == article.Id);
        if (place < 0) Articles.Add(article);
        else Articles[place] = article;
        return article;
    }

    public string NextSearchId() => ids.NextId();

    /// <summary>The surest first; of equals, the one loaded first.</summary>
    public IReadOnlyList<Match> Search(string said, Func<Article, bool>? among = null)
    {
        var terms = Terms.Of(said);
        return
        [
            .. Articles
                .Where(a => among?.Invoke(a) != false)
                .Select(a => new Match(a, Confidence(a, terms)))
                .Where(m => m.Confidence > 0)
                .OrderByDescending(m => m.Confidence),
        ];
    }

    /// <summary>Six tenths for the share of the title's words that were said, four for the share of what was said that is in the article.</summary>
    static double Confidence(Article article, IReadOnlySet<string> said)
    {
        if (said.Count == 0) return 0;
        var title = article.TitleTerms.Count == 0 ? 0 : article.TitleTerms.Count(said.Contains) / (double)article.TitleTerms.Count;
        var shared = Math.Min(1, said.Count(article.AllTerms.Contains) / (double)Math.Min(said.Count, EnoughWords));
        return Math.Round((TitleWeight * title) + ((1 - TitleWeight) * shared), 2);
    }
}
