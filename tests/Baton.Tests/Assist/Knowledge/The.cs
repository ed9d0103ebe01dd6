using Baton.Core.Assist.Knowledge;

namespace Baton.Tests.Assist.Knowledge;

static class The
{
    public static readonly KnowledgeOptions Options = new() { LeastConfidence = 0 };

    public static ArticleIndex Index(params (string Id, string Markdown)[] articles) => Index(Options, articles);

    public static ArticleIndex Index(KnowledgeOptions options, params (string Id, string Markdown)[] articles) => ArticleIndex.Of(articles.Select(a => Article.Read(a.Id, a.Markdown)), options);

    public static IReadOnlyList<string> Found(this ArticleIndex index, params string[] turns) => [.. index.Find(turns, 10).Select(m => m.Article.Id)];
}
