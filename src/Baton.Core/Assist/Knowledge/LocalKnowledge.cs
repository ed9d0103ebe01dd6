namespace Baton.Core.Assist.Knowledge;

/// <summary>Suggestions from a folder of articles on this machine; nothing is asked of anybody else.</summary>
public sealed class LocalKnowledge(KnowledgeFolder folder, KnowledgeOptions options) : ISuggestionSource
{
    const int FewestFound = 10;

    public string Name => "local";

    public Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return Task.FromCanceled<SourceAnswer>(ct);
        if (!question.Asked.KnowledgeSourceIds.Contains(options.Id)) return Task.FromResult<SourceAnswer>(new SourceAnswer.Found([], 0, $"The question does not name {options.Id}."));
        var state = folder.State;
        if (state is { Fault: { } fault, Index.Count: 0 }) return Task.FromException<SourceAnswer>(new ContactCenterException(FailureKind.Unavailable, fault));
        // Ranking goes by more than words, so that it has to see more than will be shown.
        var found = state.Index.Find(question.Query, Math.Max(FewestFound, question.Asked.Show));
        return Task.FromResult<SourceAnswer>(new SourceAnswer.Found([.. found.Select(Of)], state.Passed.Count, state.Fault ?? (state.Passed is [var first, ..] ? first : null)));
    }

    Candidate Of(ArticleMatch match) => new(Name, match.Article.Id, match.Article.Title, match.Passage, match.Confidence, options.Id)
    {
        Tags = match.Article.Tags,
        Subject = $"{options.Id}/{match.Article.Id}",
    };
}
