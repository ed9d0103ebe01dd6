using Baton.Core.Deliveries;
using Microsoft.Extensions.Logging;

namespace Baton.Core.Assist;

/// <summary>
/// Asks for suggestions and records what agents do with them (guide 004). Sources are asked side by side under one deadline; one that is late, fails or answers later is reported and
/// holds up nobody. What a callback brings afterwards is ranked by <see cref="AssistRunner"/>.
/// </summary>
public sealed partial class AssistDesk(IBatonStore store, IReadOnlyList<ISuggestionSource> sources, Outbox outbox, AssistOptions options, Func<string, string?> callbackFault, TimeProvider time, ILogger<AssistDesk> log)
{
    public IReadOnlyList<ISuggestionSource> Sources => sources;
    public AssistOptions Options => options;

    /// <exception cref="AssistRefusedException">What is wrong with the question, every field at once; nothing was asked of anybody.</exception>
    /// <exception cref="StoreException">Nothing was asked of anybody.</exception>
    public async Task<AssistAnswer> AskAsync(AssistQuestion question, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var faults = question.Check(callbackFault);
        if (faults.Count > 0) throw new AssistRefusedException(faults);
        var now = time.GetUtcNow();
        var id = AssistRequestId.New(now);
        var asked = new SourceQuestion(id, question, AssistQuery.Of(question.Transcript), CallbackFor(id, question));
        var request = new AssistRequest
        {
            Id = id,
            ConversationId = question.ConversationId,
            QueueId = question.QueueId ?? await QueueOfAsync(question.ConversationId, ct),
            AgentId = question.AgentId,
            AgentSkills = question.AgentSkills,
            KnowledgeSourceIds = question.KnowledgeSourceIds,
            Show = question.Show,
            AskedAt = now,
            DueAt = now + options.CallbackWithin,
        };
        var took = time.GetElapsedTime(began);
        if (took > options.Construction)
            throw new AssistRefusedException([new("", $"Putting the question together took {took.TotalMilliseconds:0} ms; more than {options.Construction.TotalMilliseconds:0} ms is refused, because the conversation has gone on. Ask again.")]);
        await store.BeginAssistAsync(request, ct);

        var replies = await AskAllAsync(asked, ct);
        var candidates = replies.SelectMany(r => r.Candidates).ToList();
        var (suggestions, _) = await OfferAsync(request, candidates, [], ct);
        var step = request.Answered([.. replies.Select(r => r.Report)], replies.Select(r => r.VendorId).FirstOrDefault(v => v is not null), suggestions, time.GetUtcNow());
        if (!await store.CommitAssistAsync(step, ct))
        {
            // It took so long that it was given up meanwhile; what is stored is what counts.
            var stored = await store.FindAssistAsync(id, ct) ?? throw new InvalidOperationException($"{id} is lost.");
            return new AssistAnswer(stored, await store.SuggestionsOfAsync(id, ct));
        }
        foreach (var late in step.Request.Sources.Where(s => s.State is SourceState.Late or SourceState.Failed)) SourceMissed(log, id, late.Name, late.State, late.Sentence);
        AssistMetrics.Asked(step.Request);
        return new AssistAnswer(step.Request, await store.SuggestionsOfAsync(id, ct));
    }

    /// <summary>Ranks and folds what sources gave, and makes suggestions of the best.</summary>
    internal async Task<(IReadOnlyList<Suggestion> New, IReadOnlyList<Suggestion> Again)> OfferAsync(AssistRequest request, IReadOnlyList<Candidate> candidates, IReadOnlyList<Suggestion> offered, CancellationToken ct)
    {
        if (candidates.Count == 0) return ([], []);
        var now = time.GetUtcNow();
        var outcomes = await store.OutcomesAsync([.. candidates.Select(c => c.Subject).Distinct()], MostOutcomes, ct);
        var ranked = Ranking.Rank(candidates, request.AgentSkills, options.Weights, subject => options.Feedback.Signal(outcomes.GetValueOrDefault(subject) ?? [], now));
        var (folded, again) = Folding.Fold(ranked, offered, options.SameFrom, request.Show);
        return ([.. folded.Select(f => Make(request, f, now))], again);
    }

    /// <summary>Older ones have faded.</summary>
    const int MostOutcomes = 500;

    Suggestion Make(AssistRequest request, Folded folded, DateTimeOffset now)
    {
        var candidate = folded.Ranked.Candidate;
        return new Suggestion
        {
            Id = SuggestionId.Of(request.Id, candidate.Source, candidate.Id),
            RequestId = request.Id,
            ConversationId = request.ConversationId,
            QueueId = request.QueueId,
            Source = candidate.Source,
            SourceId = candidate.Id,
            Subject = candidate.Subject,
            KnowledgeSourceId = candidate.KnowledgeSourceId,
            Title = candidate.Title,
            Content = candidate.Content,
            Link = candidate.Link,
            Score = folded.Ranked.Score,
            Sources = folded.Sources,
            OfferedAt = now,
            ResponseMilliseconds = (now - request.AskedAt).TotalMilliseconds,
            ExpiresAt = now + options.Expires,
        };
    }

    /// <summary>Records what an agent did. The same deed twice answers the same and changes nothing.</summary>
    /// <returns>Null when there is no such suggestion.</returns>
    public async Task<Engaged?> EngageAsync(SuggestionId id, Engagement did, CancellationToken ct)
    {
        while (true)
        {
            if (await store.FindSuggestionAsync(id, ct) is not { } known) return null;
            var step = Prepared(known.Apply(did));
            if (step.Rejection is { } why) return (await store.EngagementsOfAsync(id, ct)).Any(e => e.Did == did.Did) ? new Engaged(known, EngageOutcome.Known, null) : new Engaged(known, null, why);
            if (step.Engagement is null) return new Engaged(known, EngageOutcome.Known, null);
            var outcome = await store.EngageAsync(step, ct);
            if (outcome == EngageOutcome.Moved) continue;
            if (outcome == EngageOutcome.Known) return new Engaged(await store.FindSuggestionAsync(id, ct) ?? known, outcome, null);
            AssistAuditFile.Append(options.AuditFile, step.Suggestion, did, log);
            AssistMetrics.Engaged(step.Suggestion, did.Did);
            return new Engaged(step.Suggestion, outcome, null);
        }
    }

    /// <summary>What is told of it, and to whom.</summary>
    SuggestionStep Prepared(SuggestionStep step) => step.Engagement is not { } did ? step : step with
    {
        Deliveries = outbox.Of(step.Suggestion.ConversationId, AssistNotices.Interaction, $"{step.Suggestion.Id}\n{did.Did}", AssistNotices.Body(step.Suggestion, did), did.At),
        Forward = did.Did != SuggestionState.Expired && sources.Any(s => s.Name == step.Suggestion.Source && s.TakesEngagements),
    };

    async Task<IReadOnlyList<Reply>> AskAllAsync(SourceQuestion asked, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        using var patience = new CancellationTokenSource(options.Deadline + Grace, time);
        using var atLast = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        return await Task.WhenAll(sources.Select(s => AskOneAsync(s, asked, either.Token, atLast.Token, ct)));
    }

    /// <summary>For a source to answer with what it has when it is told that the time is over. One that does not heed that is not waited for.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    async Task<Reply> AskOneAsync(ISuggestionSource source, SourceQuestion asked, CancellationToken deadline, CancellationToken atLast, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        try
        {
            var answer = await source.AskAsync(asked, deadline).WaitAsync(atLast);
            return answer switch
            {
                SourceAnswer.Found found => new Reply(Report(found.Candidates.Count > 0 ? SourceState.Answered : SourceState.Empty, found.Candidates.Count, Passed(found)), found.Candidates),
                SourceAnswer.Later later => new Reply(Report(SourceState.Pending, 0, null), []) { VendorId = later.RequestId },
                _ => throw new InvalidOperationException($"{answer.GetType().Name} is not known here."),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Reply(Report(SourceState.Late, 0, $"No answer within {options.Deadline.TotalMilliseconds:0} ms."), []);
        }
        catch (ContactCenterException e)
        {
            return new Reply(Report(SourceState.Failed, 0, e.Message), []);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One source's bug must not take the others' answers.
            SourceBroke(log, source.Name, e);
            return new Reply(Report(SourceState.Failed, 0, "It broke; the log has the details."), []);
        }

        SourceReport Report(SourceState state, int count, string? sentence) => new(source.Name, state, time.GetElapsedTime(began).TotalMilliseconds, count, sentence);
    }

    internal static string? Passed(SourceAnswer.Found found) => found.Passed == 0 ? null : $"{found.Passed} of its entries could not be used: {found.Why}";

    string? CallbackFor(AssistRequestId id, AssistQuestion question)
    {
        if (!question.IsAsync || (question.CallbackUrl ?? options.CallbackUrl) is not { } url) return null;
        return $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{CallbackParameter}={id}";
    }

    /// <summary>Our own id in the callback's address: a callback that overtakes the reply to our question is known by it.</summary>
    public const string CallbackParameter = "request";

    async Task<string?> QueueOfAsync(string conversationId, CancellationToken ct) =>
        (await store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversationId, Limit = 1 }, ct)) is [{ Intent.QueueId: { } queue }] ? queue : null;

    sealed record Reply(SourceReport Report, IReadOnlyList<Candidate> Candidates)
    {
        public string? VendorId { get; init; }
    }

    [LoggerMessage(LogLevel.Warning, "Suggestions {RequestId}: {Source} {State}: {Why}")]
    static partial void SourceMissed(ILogger log, AssistRequestId requestId, string source, SourceState state, string? why);

    [LoggerMessage(LogLevel.Error, "The source of suggestions {Source} broke")]
    static partial void SourceBroke(ILogger log, string source, Exception exception);
}

/// <param name="Suggestions">In the order offered.</param>
public sealed record AssistAnswer(AssistRequest Request, IReadOnlyList<Suggestion> Suggestions);

/// <param name="Outcome">Null when it was refused.</param>
public sealed record Engaged(Suggestion Suggestion, EngageOutcome? Outcome, string? Rejection);
