using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Microsoft.Data.Sqlite;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    public async Task<EraseOutcome> EraseAsync(string conversationId, string by, DateTimeOffset now, CancellationToken ct)
    {
        var outcome = await WriteAsync(db => Erase(db, conversationId, by, now), ct);
        if (outcome != EraseOutcome.Erased || checkpoints is null) return outcome;
        // While the log is being moved it cannot be emptied.
        await checkpoints.Underway.WaitAsync(ct);
        await ReadAsync(EmptyLog, ct);
        return outcome;
    }

    static EraseOutcome Erase(SqliteSession db, string conversationId, string by, DateTimeOffset now)
    {
        const string FindConversation = "SELECT data FROM conversation WHERE id = @conversation";
        const string EraseConversation = "UPDATE conversation SET data = @data WHERE id = @conversation";
        const string FindTurns = "SELECT data FROM turn WHERE conversation_id = @conversation";
        const string EraseTurn = "UPDATE turn SET data = @data WHERE conversation_id = @conversation AND turn_id = @turn";
        const string EraseDecisions = "UPDATE decision SET json = '{}' WHERE conversation_id = @conversation";
        const string FindHandoffs = "SELECT data, due_at FROM handoff WHERE conversation_id = @conversation";
        const string EraseHandoff = "UPDATE handoff SET data = @data WHERE id = @id";
        const string EraseNotes = "UPDATE handoff_step SET note = NULL, calls = NULL WHERE handoff_id = @id";
        const string ForgetAnswers = "DELETE FROM kept_answer WHERE conversation_id = @conversation";
        const string ForgetSalt = "DELETE FROM audit_salt WHERE conversation_id = @conversation";

        var id = ("@conversation", (object?)conversationId);
        var handoffs = db.Query(FindHandoffs, ReadHandoff, id);
        if (handoffs.Any(h => h.Todo != Todo.None)) return EraseOutcome.HandoffIsLive;
        var conversation = db.First(FindConversation, row => JsonSerializer.Deserialize(row.GetString(0), CoreJson.Default.Conversation), id);
        var hasAssist = EraseAssist(db, conversationId, now);
        if (conversation is null && handoffs.Count == 0 && !hasAssist) return EraseOutcome.NotKnown;

        if (conversation is not null) db.Execute(EraseConversation, ("@data", Write(WithoutTexts(conversation))), id);
        foreach (var turn in db.Query(FindTurns, row => JsonSerializer.Deserialize(row.GetString(0), CoreJson.Default.Turn)!, id))
            db.Execute(EraseTurn, ("@data", JsonSerializer.Serialize(turn with { Text = "" }, CoreJson.Default.Turn)), id, ("@turn", turn.Id));
        db.Execute(EraseDecisions, id);
        foreach (var handoff in handoffs)
        {
            db.Execute(EraseHandoff, ("@data", Write(WithoutTexts(handoff))), ("@id", handoff.Id.ToString()));
            db.Execute(EraseNotes, ("@id", handoff.Id.ToString()));
        }
        db.Execute(ForgetAnswers, id);
        EraseLive(db, conversationId);
        db.Execute(ForgetSalt, id);
        Enter(db, conversationId, AuditFacts.ByPerson("customer.erased", by, now));
        return EraseOutcome.Erased;
    }

    static Conversation WithoutTexts(Conversation conversation) => conversation with
    {
        Participants = [.. conversation.Participants.Select(p => p.Role == ParticipantRole.Customer ? p with { Name = null } : p)],
        Attributes = new Dictionary<string, string>(),
        GuestId = null,
    };

    static Handoff WithoutTexts(Handoff handoff) => handoff with
    {
        Origin = handoff.Origin with { Reasons = [.. handoff.Origin.Reasons.Select(r => r with { Sentence = "" })] },
        Telling = handoff.Telling is { } telling ? telling with { Text = "" } : null,
        FailureSentence = null,
        GuestId = null,
        Welcome = null,
    };

    // The old pages are overwritten (secure_delete), but the log may still hold what they were. When a reader is in the way, the next checkpoint does it.
    static bool EmptyLog(SqliteSession db)
    {
        try
        {
            db.Run("PRAGMA wal_checkpoint(TRUNCATE)");
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
