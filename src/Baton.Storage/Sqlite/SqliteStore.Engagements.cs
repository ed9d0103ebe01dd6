using Baton.Core.Assist;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    public Task<IReadOnlyList<Suggestion>> SuggestionsOfAsync(AssistRequestId request, CancellationToken ct)
    {
        const string OfRequest = "SELECT data FROM suggestion WHERE request_id = @request ORDER BY position";
        return ReadAsync<IReadOnlyList<Suggestion>>(db => db.Query(OfRequest, ReadSuggestion, ("@request", request.ToString())), ct);
    }

    public Task<IReadOnlyList<Suggestion>> ListSuggestionsAsync(AssistFilter filter, CancellationToken ct)
    {
        const string OfConversation = """
            SELECT data FROM suggestion
            WHERE request_id IN (SELECT id FROM assist_request WHERE conversation_id = @conversation AND asked_at >= @since ORDER BY asked_at DESC, id DESC LIMIT @limit)
            ORDER BY position
            """;
        const string Any = """
            SELECT data FROM suggestion
            WHERE request_id IN (SELECT id FROM assist_request WHERE asked_at >= @since ORDER BY asked_at DESC, id DESC LIMIT @limit)
            ORDER BY position
            """;
        var since = ("@since", (object?)(filter.Since?.UtcTicks ?? 0));
        var limit = ("@limit", (object?)filter.Limit);
        return ReadAsync<IReadOnlyList<Suggestion>>(db => filter.ConversationId is { } conversation
            ? db.Query(OfConversation, ReadSuggestion, ("@conversation", conversation), since, limit)
            : db.Query(Any, ReadSuggestion, since, limit), ct);
    }

    public Task<Suggestion?> FindSuggestionAsync(SuggestionId id, CancellationToken ct)
    {
        const string Find = "SELECT data FROM suggestion WHERE id = @id";
        return ReadAsync(db => db.First(Find, ReadSuggestion, ("@id", id.ToString())), ct);
    }

    public Task<IReadOnlyList<Suggestion>> ExpiredSuggestionsAsync(DateTimeOffset now, int limit, CancellationToken ct)
    {
        const string Expired = "SELECT data FROM suggestion WHERE expires_at <= @now ORDER BY expires_at, position LIMIT @limit";
        return ReadAsync<IReadOnlyList<Suggestion>>(db => db.Query(Expired, ReadSuggestion, ("@now", Ticks(now)), ("@limit", limit)), ct);
    }

    public Task<EngageOutcome> EngageAsync(SuggestionStep step, CancellationToken ct)
    {
        const string IsKnown = "SELECT 1 FROM engagement WHERE suggestion_id = @id AND did = @did";
        // The outcome is as old as it has been the same.
        const string Update = """
            UPDATE suggestion SET
                state = @state, version = @version, expires_at = @expires, data = @data, accepted = @accepted,
                outcome_at = CASE WHEN @accepted IS NULL THEN NULL WHEN accepted IS @accepted THEN outcome_at ELSE @at END
            WHERE id = @id AND version = @version - 1
            """;
        const string Add = "INSERT INTO engagement (suggestion_id, did, agent_id, at, forward_due) VALUES (@id, @did, @agent, @at, @due)";
        var (next, engagement) = (step.Suggestion, step.Engagement ?? throw new ArgumentException($"Nothing was done with {step.Suggestion.Id}; there is nothing to record.", nameof(step)));
        var data = Write(next);
        var (id, did, at) = (("@id", (object?)next.Id.ToString()), ("@did", (object?)engagement.Did.ToString()), ("@at", (object?)Ticks(engagement.At)));
        return WriteAsync(db =>
        {
            if (db.First(IsKnown, row => row.GetInt32(0), id, did) == 1) return EngageOutcome.Known;
            var isCurrent = db.Execute(Update,
                ("@state", next.State.ToString()), ("@version", next.Version), ("@expires", next.ExpiresAt?.UtcTicks), ("@data", data), ("@accepted", next.Accepted), at, id) == 1;
            if (!isCurrent) return EngageOutcome.Moved;
            db.Execute(Add, id, did, ("@agent", engagement.AgentId), at, ("@due", step.Forward ? Ticks(engagement.At) : null));
            Insert(db, step.Deliveries);
            Enter(db, next.ConversationId, AuditFacts.Engaged(next, engagement));
            return EngageOutcome.Recorded;
        }, ct, outcome =>
        {
            if (outcome == EngageOutcome.Recorded && step.Deliveries.Count > 0) outbox.Give();
            if (outcome == EngageOutcome.Recorded && step.Forward) assist.Give();
            return false;
        });
    }

    public Task<IReadOnlyList<RecordedEngagement>> EngagementsOfAsync(SuggestionId suggestion, CancellationToken ct)
    {
        const string Engagements = "SELECT did, agent_id, at, told_at, forward_error FROM engagement WHERE suggestion_id = @suggestion ORDER BY at, rowid";
        return ReadAsync<IReadOnlyList<RecordedEngagement>>(db => db.Query(Engagements, row => new RecordedEngagement(
            Enum.Parse<SuggestionState>(row.GetString(0)), row.IsDBNull(1) ? null : row.GetString(1), At(row.GetInt64(2)),
            row.IsDBNull(3) ? null : At(row.GetInt64(3)), row.IsDBNull(4) ? null : row.GetString(4)), ("@suggestion", suggestion.ToString())), ct);
    }

    public Task<IReadOnlyList<ForwardedEngagement>> ClaimForwardsAsync(DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken ct)
    {
        const string Claim = """
            UPDATE engagement SET forward_due = @until, forward_attempts = forward_attempts + 1
            WHERE rowid IN (SELECT rowid FROM engagement WHERE forward_due <= @now ORDER BY forward_due, rowid LIMIT @limit)
            RETURNING (SELECT s.data FROM suggestion s WHERE s.id = engagement.suggestion_id), did, forward_attempts - 1, at, rowid
            """;
        return WriteAsync<IReadOnlyList<ForwardedEngagement>>(db =>
        {
            var claimed = db.Query(Claim, row => (Forwarded: new ForwardedEngagement(ReadSuggestion(row), Enum.Parse<SuggestionState>(row.GetString(1)), row.GetInt32(2)), At: row.GetInt64(3), Row: row.GetInt64(4)),
                ("@until", Ticks(until)), ("@now", Ticks(now)), ("@limit", limit));
            return [.. claimed.OrderBy(c => c.At).ThenBy(c => c.Row).Select(c => c.Forwarded)];
        }, ct);
    }

    public Task CommitForwardAsync(ForwardedEngagement forwarded, DateTimeOffset now, DateTimeOffset? again, string? error, CancellationToken ct)
    {
        // Told is told, whoever holds the claim by now; everything else only the newest claim may say.
        const string Update = """
            UPDATE engagement SET forward_due = @again, told_at = @told, forward_error = @error
            WHERE suggestion_id = @suggestion AND did = @did AND forward_due IS NOT NULL AND (@told IS NOT NULL OR forward_attempts = @claim)
            """;
        DateTimeOffset? told = again is null && error is null ? now : null;
        return WriteAsync(db => db.Execute(Update,
            ("@again", again?.UtcTicks), ("@told", told?.UtcTicks), ("@error", error), ("@suggestion", forwarded.Suggestion.Id.ToString()), ("@did", forwarded.Did.ToString()),
            ("@claim", forwarded.Attempts + 1)), ct);
    }

    public Task<IReadOnlyDictionary<string, IReadOnlyList<SubjectOutcome>>> OutcomesAsync(IReadOnlyCollection<string> subjects, int most, CancellationToken ct)
    {
        const string Outcomes = "SELECT accepted, outcome_at FROM suggestion WHERE subject = @subject AND accepted IS NOT NULL ORDER BY outcome_at DESC, accepted DESC LIMIT @most";
        return ReadAsync<IReadOnlyDictionary<string, IReadOnlyList<SubjectOutcome>>>(db => db.Snapshot(() =>
        {
            var found = new Dictionary<string, IReadOnlyList<SubjectOutcome>>(StringComparer.Ordinal);
            foreach (var subject in subjects)
            {
                if (found.ContainsKey(subject)) continue;
                var outcomes = db.Query(Outcomes, ReadOutcome, ("@subject", subject), ("@most", most));
                if (outcomes.Count > 0) found.Add(subject, outcomes);
            }
            return found;
        }), ct);
    }

    static SubjectOutcome ReadOutcome(SqliteRow row) => new(row.GetBoolean(0), At(row.GetInt64(1)));
}
