using System.Globalization;
using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Http;

namespace Baton.Genesys.Guide;

/// <summary>
/// How sure the bot was, from analytics (guide 003 a): over all pages, in the range from the conversation's beginning to now. That analytics does not know the
/// conversation, that it knows it without the metric, and that the range or the value is out of bounds are different answers, and the reading's source tells which.
/// </summary>
sealed class GuideConfidence(GenesysApi api, TimeProvider time)
{
    const int PageSize = 10;
    const int MostPages = 100;

    // Two clocks never agree to the second.
    static readonly TimeSpan ClockGrace = TimeSpan.FromMinutes(1);

    public async Task<IntentReport> ReadAsync(string id, GuideConversation conversation, DateTimeOffset startedAt, CallFor call, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var to = now + ClockGrace;
        if (startedAt > to) return Unknown($"out of range: the conversation began at {startedAt:u}, which is still to come here; check the clock", now);
        var type = conversation.Type ?? "webchat";
        GuideEntity? known = null;
        try
        {
            for (var page = 1; page <= MostPages; page++)
            {
                var query = new GuideDetailsQuery(new GuideRange(startedAt.ToUniversalTime(), to.ToUniversalTime()), ["conversationId"], "conversationDetails", new GuideFilter(type, id), PageSize, page);
                var read = await api.QueryAsync("analytics/conversations/details/query", query, GuideJson.Default.GuideDetailsQuery, $"Asking analytics about conversation {id}",
                    GuideJson.Default.GuideDetails, CallPurpose.Read, call, ct);
                foreach (var entity in (read.Entities ?? []).Where(e => string.Equals(e.Id, id, StringComparison.OrdinalIgnoreCase)))
                {
                    known = entity;
                    if (Metric(entity) is not { } value) continue;
                    return value is >= 0 and <= 1
                        ? new IntentReport(value, now, "analytics metric")
                        : Unknown($"out of range: the analytics metric is {value.ToString(CultureInfo.InvariantCulture)}, not 0 to 1", now);
                }
                if (page >= (read.PageCount ?? 1)) break;
            }
        }
        catch (ContactCenterException e) when (e.Kind == FailureKind.MissingPermission)
        {
            // Guide 000's client need not have guide 003's scope: what the events carry is enough for it.
            return Unknown(e.Message, now);
        }
        return known is null
            ? Unknown($"no entity: analytics knows nothing of the conversation between {startedAt:u} and now; it may trail", now)
            : Unknown("no metric: analytics knows the conversation, but no intentConfidence", now);
    }

    static IntentReport Unknown(string why, DateTimeOffset now) => new(null, now, why);

    static double? Metric(GuideEntity entity)
    {
        if (entity.Metrics?.GetValueOrDefault("intentConfidence") is not { ValueKind: JsonValueKind.Object } metric || !metric.TryGetProperty("value", out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;
    }
}
