using System.Text.Json;
using Baton.Core.Handoffs;
using Baton.Core.Insights;
using Baton.Core.Policies;

namespace Baton.Storage.Sqlite;

public sealed partial class SqliteStore
{
    public Task<IReadOnlyList<HandoffLine>> HandoffLinesAsync(DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken ct)
    {
        // Every extract reads the row's JSON up to what it names: few of them, and the policy as a whole.
        const string Lines = """
            SELECT conversation_id, state, COALESCE(json_extract(data, '$.queueName'), json_extract(data, '$.plan.steps[' || json_extract(data, '$.step') || '].queue')), requested_at,
                   json_extract(data, '$.agentAt'), json_extract(data, '$.origin.reasons[0].code'), json_extract(data, '$.origin.policy')
            FROM handoff INDEXED BY handoff_requested WHERE requested_at >= @since AND requested_at < @until ORDER BY id DESC LIMIT @limit
            """;
        return ReadAsync<IReadOnlyList<HandoffLine>>(db =>
        {
            var policies = new Dictionary<string, PolicyVersion>(StringComparer.Ordinal);
            return db.Query(Lines, row => new HandoffLine(
                row.GetString(0), Enum.Parse<HandoffState>(row.GetString(1)), row.GetString(2), At(row.GetInt64(3)), row.IsDBNull(4) ? null : DateTimeOffset.Parse(row.GetString(4)),
                row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : Known(row.GetString(6))), ("@since", Ticks(since)), ("@until", Ticks(until)), ("@limit", limit));

            PolicyVersion Known(string json) => policies.TryGetValue(json, out var known) ? known : policies[json] = JsonSerializer.Deserialize(json, StorageJson.Default.PolicyVersion)!;
        }, ct);
    }

    public Task<IReadOnlyList<AcceptanceLine>> AcceptanceLinesAsync(DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken ct)
    {
        const string Lines = """
            SELECT conversation_id, outcome_at, accepted FROM suggestion
            WHERE accepted IS NOT NULL AND outcome_at >= @since AND outcome_at < @until ORDER BY outcome_at DESC, position DESC LIMIT @limit
            """;
        return ReadAsync<IReadOnlyList<AcceptanceLine>>(db => db.Query(Lines, row => new AcceptanceLine(row.GetString(0), At(row.GetInt64(1)), row.GetBoolean(2)),
            ("@since", Ticks(since)), ("@until", Ticks(until)), ("@limit", limit)), ct);
    }
}
