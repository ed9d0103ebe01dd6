using System.Text.Json;
using Baton.Core;
using Baton.Core.Assist;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    // Should the platform give two requests one name, the first one keeps it; the other is found by our own id.
    const string VendorIdUnlessTaken = "(SELECT @vendor WHERE NOT EXISTS (SELECT 1 FROM assist_request o WHERE o.vendor_id = @vendor AND o.id <> @id))";

    readonly WorkSignal assist = new();

    public Task WaitForAssistAsync(CancellationToken ct) => assist.WaitAsync(ct);

    public Task BeginAssistAsync(AssistRequest request, CancellationToken ct)
    {
        const string Insert = $"""
            INSERT INTO assist_request (id, conversation_id, vendor_id, state, version, asked_at, due_at, data)
            VALUES (@id, @conversation, {VendorIdUnlessTaken}, @state, @version, @asked, @due, @data)
            ON CONFLICT (id) DO NOTHING
            """;
        var data = Write(request);
        return WriteAsync(db =>
        {
            var isNew = db.Execute(Insert,
                ("@id", request.Id.ToString()), ("@conversation", request.ConversationId), ("@vendor", request.VendorId), ("@state", request.State.ToString()),
                ("@version", request.Version), ("@asked", Ticks(request.AskedAt)), ("@due", request.DueAt?.UtcTicks), ("@data", data)) == 1;
            if (isNew) Enter(db, request.ConversationId, AuditFacts.Asked(request));
            return isNew;
        }, ct, SignalsAssist);
    }

    public Task<bool> CommitAssistAsync(AssistStep step, CancellationToken ct)
    {
        var write = CommitOf(step);
        return WriteAsync(write, ct, SignalsAssist);
    }

    public Task<bool> CommitCallbackAsync(AssistCallback callback, AssistStep step, CancellationToken ct)
    {
        const string IsUnranked = "SELECT 1 FROM assist_callback WHERE request_id = @request AND ranked_at IS NULL";
        const string Ranked = "UPDATE assist_callback SET ranked_at = @at, body = NULL WHERE request_id = @request";
        if (step.Request.Id != callback.RequestId) throw new ArgumentException($"The callback is one of {callback.RequestId}, the step one of {step.Request.Id}.", nameof(step));
        var request = callback.RequestId.ToString();
        var write = CommitOf(step);
        return WriteAsync(db =>
        {
            if (db.First(IsUnranked, row => row.GetInt32(0), ("@request", request)) == 0 || !write(db)) return false;
            db.Execute(Ranked, ("@at", Ticks(step.At)), ("@request", request));
            return true;
        }, ct, SignalsAssist);
    }

    static Func<SqliteSession, bool> CommitOf(AssistStep step)
    {
        const string Update = $"""
            UPDATE assist_request SET vendor_id = {VendorIdUnlessTaken}, state = @state, version = @version, due_at = @due, data = @data
            WHERE id = @id AND version = @version - 1
            """;
        var next = step.Request;
        var data = Write(next);
        return db =>
        {
            var isCurrent = db.Execute(Update,
                ("@id", next.Id.ToString()), ("@vendor", next.VendorId), ("@state", next.State.ToString()), ("@version", next.Version), ("@due", next.DueAt?.UtcTicks), ("@data", data)) == 1;
            if (!isCurrent) return false;
            foreach (var suggestion in step.Added) Offer(db, suggestion);
            foreach (var suggestion in step.Folded) Fold(db, suggestion);
            Enter(db, next.ConversationId, AuditFacts.Assist(step));
            return true;
        };
    }

    static void Offer(SqliteSession db, Suggestion suggestion)
    {
        const string Insert = """
            INSERT INTO suggestion (id, request_id, conversation_id, subject, state, version, accepted, outcome_at, expires_at, data)
            VALUES (@id, @request, @conversation, @subject, @state, @version, @accepted, @outcomeAt, @expires, @data)
            ON CONFLICT (id) DO NOTHING
            """;
        db.Execute(Insert,
            ("@id", suggestion.Id.ToString()), ("@request", suggestion.RequestId.ToString()), ("@conversation", suggestion.ConversationId), ("@subject", suggestion.Subject),
            ("@state", suggestion.State.ToString()), ("@version", suggestion.Version), ("@accepted", suggestion.Accepted),
            ("@outcomeAt", suggestion.Accepted is null ? null : Ticks(suggestion.UsedAt ?? suggestion.OfferedAt)), ("@expires", suggestion.ExpiresAt?.UtcTicks), ("@data", Write(suggestion)));
    }

    /// <summary>An agent may have engaged since it was read for folding: only its sources are taken, onto what it is now.</summary>
    static void Fold(SqliteSession db, Suggestion folded)
    {
        const string Find = "SELECT data FROM suggestion WHERE id = @id";
        if (db.First(Find, ReadSuggestion, ("@id", folded.Id.ToString())) is not { } now) return;
        var sources = now.Sources.Union(folded.Sources).ToList();
        if (sources.Count > now.Sources.Count) Rewrite(db, now with { Version = now.Version + 1, Sources = sources });
    }

    /// <summary>Changes nothing that has a column of its own, except the version: who has read it before reads it again.</summary>
    static void Rewrite(SqliteSession db, Suggestion suggestion)
    {
        const string Update = "UPDATE suggestion SET version = @version, data = @data WHERE id = @id";
        db.Execute(Update, ("@version", suggestion.Version), ("@data", Write(suggestion)), ("@id", suggestion.Id.ToString()));
    }

    public Task<AssistRequest?> FindAssistAsync(AssistRequestId id, CancellationToken ct)
    {
        const string Find = "SELECT data FROM assist_request WHERE id = @id";
        return ReadAsync(db => db.First(Find, ReadRequest, ("@id", id.ToString())), ct);
    }

    public Task<AssistRequest?> FindAssistByVendorIdAsync(string vendorId, CancellationToken ct)
    {
        const string Find = "SELECT data FROM assist_request WHERE vendor_id = @vendor";
        return ReadAsync(db => db.First(Find, ReadRequest, ("@vendor", vendorId)), ct);
    }

    public Task<IReadOnlyList<AssistRequest>> ListAssistAsync(AssistFilter filter, CancellationToken ct)
    {
        // Two statements: each has its index.
        const string OfConversation = """
            SELECT data FROM assist_request WHERE conversation_id = @conversation AND asked_at >= @since ORDER BY asked_at DESC, id DESC LIMIT @limit
            """;
        const string Any = "SELECT data FROM assist_request WHERE asked_at >= @since ORDER BY asked_at DESC, id DESC LIMIT @limit";
        var since = ("@since", (object?)(filter.Since?.UtcTicks ?? 0));
        var limit = ("@limit", (object?)filter.Limit);
        return ReadAsync<IReadOnlyList<AssistRequest>>(db => filter.ConversationId is { } conversation
            ? db.Query(OfConversation, ReadRequest, ("@conversation", conversation), since, limit)
            : db.Query(Any, ReadRequest, since, limit), ct);
    }

    public Task<IReadOnlyList<AssistRequest>> OverdueAssistAsync(DateTimeOffset now, int limit, CancellationToken ct)
    {
        const string Overdue = "SELECT data FROM assist_request WHERE due_at <= @now ORDER BY due_at, id LIMIT @limit";
        return ReadAsync<IReadOnlyList<AssistRequest>>(db => db.Query(Overdue, ReadRequest, ("@now", Ticks(now)), ("@limit", limit)), ct);
    }

    public Task<bool> TakeCallbackAsync(AssistCallback callback, CancellationToken ct)
    {
        const string Insert = """
            INSERT INTO assist_callback (request_id, body, at) VALUES (@request, @body, @at)
            ON CONFLICT (request_id) DO NOTHING
            """;
        const string Conversation = "SELECT conversation_id FROM assist_request WHERE id = @request";
        var request = ("@request", (object?)callback.RequestId.ToString());
        return WriteAsync(db =>
        {
            if (db.Execute(Insert, request, ("@body", callback.Body), ("@at", Ticks(callback.At))) != 1) return false;
            Enter(db, db.First(Conversation, row => row.GetString(0), request)!, AuditFacts.CalledBack(callback));
            return true;
        }, ct, SignalsAssist);
    }

    public Task<IReadOnlyList<AssistCallback>> CallbacksToRankAsync(DateTimeOffset askedBefore, int limit, CancellationToken ct)
    {
        const string ToRank = """
            SELECT c.request_id, c.body, c.at FROM assist_callback c JOIN assist_request r ON r.id = c.request_id
            WHERE c.ranked_at IS NULL AND (r.state <> 'Asking' OR r.asked_at < @askedBefore)
            ORDER BY c.at, c.request_id LIMIT @limit
            """;
        return ReadAsync<IReadOnlyList<AssistCallback>>(db => db.Query(ToRank, row => new AssistCallback(AssistRequestId.Parse(row.GetString(0)), row.GetString(1), At(row.GetInt64(2))),
            ("@askedBefore", Ticks(askedBefore)), ("@limit", limit)), ct);
    }

    public Task<DateTimeOffset?> NextAssistDueAsync(CancellationToken ct)
    {
        // A callback of a request whose sources are still being asked waits for the commit that ends the asking, or for the request's own time.
        const string Next = """
            SELECT MIN(due) FROM (
                SELECT MIN(due_at) AS due FROM assist_request WHERE due_at IS NOT NULL
                UNION ALL SELECT MIN(expires_at) FROM suggestion WHERE expires_at IS NOT NULL
                UNION ALL SELECT MIN(forward_due) FROM engagement WHERE forward_due IS NOT NULL
                UNION ALL SELECT MIN(c.at) FROM assist_callback c JOIN assist_request r ON r.id = c.request_id WHERE c.ranked_at IS NULL AND r.state <> 'Asking')
            """;
        return ReadAsync(db => db.First(Next, row => row.IsDBNull(0) ? (DateTimeOffset?)null : At(row.GetInt64(0))), ct);
    }

    /// <summary>What a conversation's suggestions and callbacks may quote of its customer, and what sources said that went wrong.</summary>
    /// <returns>False when nothing was ever asked of it.</returns>
    static bool EraseAssist(SqliteSession db, string conversationId, DateTimeOffset now)
    {
        const string FindRequests = "SELECT data FROM assist_request WHERE conversation_id = @conversation";
        const string EraseRequest = "UPDATE assist_request SET version = @version, data = @data WHERE id = @id";
        const string FindSuggestions = "SELECT data FROM suggestion WHERE conversation_id = @conversation";
        // Not ranked any more: what came of it would quote the customer again.
        const string EraseCallbacks = """
            UPDATE assist_callback SET body = NULL, ranked_at = @now
            WHERE ranked_at IS NULL AND request_id IN (SELECT id FROM assist_request WHERE conversation_id = @conversation)
            """;
        var conversation = ("@conversation", (object?)conversationId);
        var requests = db.Query(FindRequests, ReadRequest, conversation);
        foreach (var request in requests)
        {
            var next = request with { Version = request.Version + 1, Sources = [.. request.Sources.Select(s => s with { Sentence = null })] };
            db.Execute(EraseRequest, ("@version", next.Version), ("@data", Write(next)), ("@id", next.Id.ToString()));
        }
        foreach (var suggestion in db.Query(FindSuggestions, ReadSuggestion, conversation))
            Rewrite(db, suggestion with { Version = suggestion.Version + 1, Title = "", Content = "" });
        db.Execute(EraseCallbacks, ("@now", Ticks(now)), conversation);
        return requests.Count > 0;
    }

    bool SignalsAssist(bool written)
    {
        if (written) assist.Give();
        return false;
    }

    static string Write(AssistRequest request) => JsonSerializer.Serialize(request, CoreJson.Default.AssistRequest);
    static string Write(Suggestion suggestion) => JsonSerializer.Serialize(suggestion, CoreJson.Default.Suggestion);
    static AssistRequest ReadRequest(SqliteRow row) => JsonSerializer.Deserialize(row.GetString(0), CoreJson.Default.AssistRequest)!;
    static Suggestion ReadSuggestion(SqliteRow row) => JsonSerializer.Deserialize(row.GetString(0), CoreJson.Default.Suggestion)!;
}
