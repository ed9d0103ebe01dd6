using System.Text;
using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Policies;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    public Task<HandoffStart?> FoldAsync(ConversationFold fold, CancellationToken ct)
    {
        const string Upsert = """
            INSERT INTO conversation (id, media, started_at, ended_at, data) VALUES (@id, @media, @started, @ended, @data)
            ON CONFLICT (id) DO UPDATE SET media = excluded.media, started_at = excluded.started_at, ended_at = excluded.ended_at, data = excluded.data
            """;
        const string AddTurn = """
            INSERT INTO turn (conversation_id, turn_id, at, data) VALUES (@conversation, @turn, @at, @data)
            ON CONFLICT (conversation_id, turn_id) DO NOTHING
            """;
        var conversation = fold.Conversation;
        return WriteAsync(db =>
        {
            db.Execute(Upsert,
                ("@id", conversation.Id), ("@media", conversation.Media.ToString()), ("@started", Ticks(conversation.StartedAt)), ("@ended", conversation.EndedAt?.UtcTicks),
                ("@data", Write(conversation with { Turns = [] })));
            foreach (var turn in fold.NewTurns)
                db.Execute(AddTurn, ("@conversation", conversation.Id), ("@turn", turn.Id), ("@at", Ticks(turn.At)), ("@data", JsonSerializer.Serialize(turn, CoreJson.Default.Turn)));
            if (fold.Decision is { } decision) AddDecision(db, decision);
            return fold.Start is { } requested ? Start(db, requested, null) : null;
        }, ct, start => start is { Outcome: StartOutcome.Started });
    }

    static void AddDecision(SqliteSession db, Decision decision)
    {
        const string Insert = "INSERT INTO decision (conversation_id, at, outcome, json) VALUES (@conversation, @at, @outcome, @json)";
        var json = Encoding.UTF8.GetString(decision.ToJson());
        db.Execute(Insert, ("@conversation", decision.ConversationId), ("@at", Ticks(decision.At)), ("@outcome", decision.Outcome.ToString()), ("@json", json));
        Enter(db, decision.ConversationId, AuditFacts.Decided(decision, json, Salt(db, decision.ConversationId)));
    }

    public Task<Conversation?> FindConversationAsync(string conversationId, CancellationToken ct)
    {
        const string Find = "SELECT data FROM conversation WHERE id = @id";
        // Turns said at the same instant stay in the order they were heard.
        const string Turns = "SELECT data FROM turn WHERE conversation_id = @id ORDER BY at, rowid";
        return ReadAsync(db => db.Snapshot(() =>
        {
            var conversation = db.First(Find, row => JsonSerializer.Deserialize(row.GetString(0), CoreJson.Default.Conversation), ("@id", conversationId));
            return conversation is null ? null : conversation with
            {
                Turns = db.Query(Turns, row => JsonSerializer.Deserialize(row.GetString(0), CoreJson.Default.Turn)!, ("@id", conversationId)),
            };
        }), ct);
    }

    public Task<IReadOnlyList<ConversationSummary>> ListConversationsAsync(ConversationFilter filter, CancellationToken ct)
    {
        const string List = """
            SELECT id, media, started_at, ended_at,
                   (SELECT COUNT(*) FROM turn t WHERE t.conversation_id = c.id),
                   (SELECT outcome FROM decision d WHERE d.conversation_id = c.id ORDER BY d.id DESC LIMIT 1)
            FROM conversation c
            WHERE (started_at, id) < (@at, @id) AND (@ended IS NULL OR @ended = (ended_at IS NOT NULL))
            ORDER BY started_at DESC, id DESC LIMIT @limit
            """;
        return ReadAsync<IReadOnlyList<ConversationSummary>>(db => db.Query(List, row => new ConversationSummary(
            row.GetString(0), Enum.Parse<Media>(row.GetString(1)), At(row.GetInt64(2)), row.IsDBNull(3) ? null : At(row.GetInt64(3)), row.GetInt32(4),
            row.IsDBNull(5) ? null : Enum.Parse<DecisionOutcome>(row.GetString(5))),
            ("@at", filter.Before?.StartedAt.UtcTicks ?? long.MaxValue), ("@id", filter.Before?.Id ?? ""), ("@ended", filter.Ended), ("@limit", filter.Limit)), ct);
    }

    public Task<IReadOnlyList<RecordedDecision>> ListDecisionsAsync(string conversationId, CancellationToken ct)
    {
        const string List = "SELECT id, at, outcome, json FROM decision WHERE conversation_id = @conversation ORDER BY id";
        return ReadAsync<IReadOnlyList<RecordedDecision>>(db => db.Query(List, row => new RecordedDecision(
            row.GetInt64(0), conversationId, At(row.GetInt64(1)), Enum.Parse<DecisionOutcome>(row.GetString(2)), row.GetString(3)), ("@conversation", conversationId)), ct);
    }

    static string Write(Conversation conversation) => JsonSerializer.Serialize(conversation, CoreJson.Default.Conversation);
}
