namespace Baton.Sandbox.Knowledge;

sealed record KnowledgeBase(string Id, string Name, int Number, DateTimeOffset Created);

sealed class Article(KnowledgeBase @base, string id, string versionId, string variationId, KnowledgeArticle given, DateTimeOffset modified)
{
    public KnowledgeBase Base { get; } = @base;
    public string Id { get; } = id;
    public string VersionId { get; } = versionId;
    public string VariationId { get; } = variationId;
    public string Title { get; } = given.Title;
    public string Text { get; } = given.Text;
    public IReadOnlyList<string> Tags { get; } = given.Tags;
    public DateTimeOffset Modified { get; } = modified;

    public IReadOnlySet<string> TitleTerms { get; } = Terms.Of(given.Title);
    public IReadOnlySet<string> AllTerms { get; } = Terms.Of($"{given.Title} {given.Text} {string.Join(' ', given.Tags)}");

    /// <summary>The sentence of the text that has most of what was said, and where it stands.</summary>
    public (int Start, int End) Passage(IReadOnlySet<string> said)
    {
        var (best, most) = ((0, Text.Length), -1);
        for (var start = 0; start < Text.Length;)
        {
            var stop = Text.IndexOfAny(['.', '!', '?'], start);
            var end = stop < 0 ? Text.Length : stop + 1;
            var shared = Terms.Of(Text[start..end]).Count(said.Contains);
            if (shared > most) (best, most) = ((start, end), shared);
            start = end;
            while (start < Text.Length && char.IsWhiteSpace(Text[start])) start++;
        }
        return best;
    }
}

sealed record Match(Article Article, double Confidence);
