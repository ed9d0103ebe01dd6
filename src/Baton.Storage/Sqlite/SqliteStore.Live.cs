using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Storage.Sqlite;

// What is told of running conversations, and who may speak in them.
public sealed partial class SqliteStore
{
    // A messaging session may last three days without a word. What has ended is kept for events that come late.
    static readonly TimeSpan KeepLive = TimeSpan.FromDays(3);
    static readonly TimeSpan KeepEnded = TimeSpan.FromHours(1);

    // Only the writer's thread touches it.
    DateTimeOffset forgotLiveAt;

    public Task<LiveNewsOutcome> HearLiveAsync(LiveNews news, string? eventId, DateTimeOffset now, CancellationToken ct)
    {
        var woken = false;
        return WriteAsync(db =>
        {
            woken = false;
            if (eventId is not null && !IsNew(db, eventId, now)) return LiveNewsOutcome.Repeated;
            ForgetLive(db, now);
            var known = FindLive(db, news.ConversationId)?.Conversation;
            var folded = (known ?? new LiveConversation(news.ConversationId)).Fold(news);
            if (known is not null && folded.IsSameAs(known))
            {
                const string Touch = "UPDATE live_conversation SET told_at = MAX(told_at, @now) WHERE id = @id";
                db.Execute(Touch, ("@now", Ticks(now)), ("@id", news.ConversationId));
                return LiveNewsOutcome.NothingNew;
            }
            const string Upsert = """
                INSERT INTO live_conversation (id, told_at, ended, data) VALUES (@id, @now, @ended, @data)
                ON CONFLICT (id) DO UPDATE SET told_at = MAX(told_at, excluded.told_at), ended = excluded.ended, data = excluded.data
                """;
            db.Execute(Upsert, ("@id", news.ConversationId), ("@now", Ticks(now)), ("@ended", folded.Holder() == Owner.Nobody), ("@data", JsonSerializer.Serialize(folded, CoreJson.Default.LiveConversation)));
            if (folded.Holder() is { } holder) GiveToHolder(db, news.ConversationId, holder, now);
            woken = !news.IsRead && Wake(db, news.ConversationId, now) > 0;
            return LiveNewsOutcome.Folded;
        }, ct, _ => woken);
    }

    public Task<LiveRow?> FindLiveAsync(string conversationId, CancellationToken ct) => ReadAsync(db => FindLive(db, conversationId), ct);

    public Task<ConversationOwner?> FindOwnerAsync(string conversationId, CancellationToken ct) => ReadAsync(db => db.Snapshot(() =>
    {
        if (FindOwner(db, conversationId) is { } owner) return owner;
        var live = FindLive(db, conversationId);
        return live is null && !IsKnown(db, conversationId) ? null : new ConversationOwner(conversationId, (IsKnown(db, conversationId) ? null : live?.Conversation.Holder()) ?? Owner.Bot, 1, null);
    }), ct);

    // What a handoff does to the conversation is for its transitions to say; what people do with it afterwards is heard.
    static void GiveToHolder(SqliteSession db, string conversationId, Owner holder, DateTimeOffset now)
    {
        const string LiveState = "SELECT state FROM handoff WHERE conversation_id = @conversation AND ended_at IS NULL";
        var state = db.First(LiveState, row => row.GetString(0), ("@conversation", conversationId));
        if (state is not null && (state != nameof(HandoffState.WithAgent) || holder.Kind is OwnerKind.Bot or OwnerKind.Nobody)) return;
        // A center has many conversations in which no bot of ours ever speaks.
        if (state is null && !IsKnown(db, conversationId)) return;
        Give(db, conversationId, holder, now, state is null ? null : "agent");
    }

    /// <summary>A handoff's transition gives the conversation to somebody: in its transaction.</summary>
    static void GiveAfter(SqliteSession db, Handoff before, Handoff now)
    {
        var holder = now.State == HandoffState.Completed ? FindLive(db, now.ConversationId)?.Conversation.Holder() : null;
        if (Owner.After(before, now, holder) is { } owner) Give(db, now.ConversationId, owner, now.ChangedAt, now.Id.ToString());
    }

    static void Give(SqliteSession db, string conversationId, Owner owner, DateTimeOffset now, string? by)
    {
        const string Upsert = """
            INSERT INTO conversation_owner (conversation_id, owner, epoch, queue_id, agent_id, since) VALUES (@conversation, @owner, @epoch, @queue, @agent, @since)
            ON CONFLICT (conversation_id) DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch, queue_id = excluded.queue_id, agent_id = excluded.agent_id, since = excluded.since
            """;
        var known = FindOwner(db, conversationId) ?? new ConversationOwner(conversationId, Owner.Bot, 1, null);
        if (known.Owner == owner) return;
        var next = new ConversationOwner(conversationId, owner, known.Epoch + 1, now);
        db.Execute(Upsert,
            ("@conversation", conversationId), ("@owner", owner.Kind.ToString()), ("@epoch", next.Epoch), ("@queue", owner.QueueId), ("@agent", owner.AgentId), ("@since", Ticks(now)));
        Enter(db, conversationId, AuditFacts.OwnerChanged(next, known.Owner, by, now));
    }

    static ConversationOwner? FindOwner(SqliteSession db, string conversationId)
    {
        const string Find = "SELECT owner, epoch, queue_id, agent_id, since FROM conversation_owner WHERE conversation_id = @conversation";
        return db.First(Find, row => new ConversationOwner(
            conversationId, new Owner(Enum.Parse<OwnerKind>(row.GetString(0))) { QueueId = row.IsDBNull(2) ? null : row.GetString(2), AgentId = row.IsDBNull(3) ? null : row.GetString(3) },
            row.GetInt64(1), At(row.GetInt64(4))), ("@conversation", conversationId));
    }

    static bool IsKnown(SqliteSession db, string conversationId)
    {
        const string Find = "SELECT EXISTS (SELECT 1 FROM conversation WHERE id = @conversation) OR EXISTS (SELECT 1 FROM handoff WHERE conversation_id = @conversation)";
        return db.First(Find, row => row.GetBoolean(0), ("@conversation", conversationId));
    }

    static LiveRow? FindLive(SqliteSession db, string conversationId)
    {
        const string Find = "SELECT data, told_at FROM live_conversation WHERE id = @conversation";
        return db.First(Find, ReadLive, ("@conversation", conversationId));
    }

    static LiveRow ReadLive(SqliteRow row) => new(JsonSerializer.Deserialize(row.GetString(0), CoreJson.Default.LiveConversation)!, At(row.GetInt64(1)));

    static void EraseLive(SqliteSession db, string conversationId)
    {
        const string Forget = "DELETE FROM live_conversation WHERE id = @conversation";
        db.Execute(Forget, ("@conversation", conversationId));
    }

    void ForgetLive(SqliteSession db, DateTimeOffset now)
    {
        const string Forget = "DELETE FROM live_conversation WHERE (ended = 1 AND told_at < @ended) OR (ended = 0 AND told_at < @live)";
        if (now - forgotLiveAt < ForgetEvery) return;
        forgotLiveAt = now;
        db.Execute(Forget, ("@ended", Ticks(now - KeepEnded)), ("@live", Ticks(now - KeepLive)));
    }
}
