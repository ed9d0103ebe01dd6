using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Transfers;
using Baton.Genesys.Http;

namespace Baton.Genesys.Guide;

/// <summary>Rows 002 a and b of the contract: a call's routing intent is written as a value, so that writing it again changes nothing.</summary>
sealed class GuideCallTransfers(GenesysApi api, Audited audited, TimeProvider time) : ICallTransfers
{
    const int PageSize = 100;
    const int MostPages = 1000;

    public bool CouldBeId(string id) => GuidePath.Segment(id) is not null;

    public async Task<IReadOnlyList<CallView>> FindCallsAsync(string userId, CancellationToken ct)
    {
        var calls = new List<GuideConversation>();
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        for (var page = 1; page <= MostPages; page++)
        {
            var read = await api.QueryAsync("conversations/query", new GuideConversationQuery(["user"], "active", PageSize, cursor), GuideJson.Default.GuideConversationQuery,
                $"Looking for the calls of user {userId}, page {page}", GuideJson.Default.GuideConversations, CallPurpose.Read, CallFor.Nobody, ct);
            calls.AddRange((read.Conversations ?? []).Where(c => GuideView.MediaOf(c) == Media.Voice && IsIn(userId, c)));
            if (read.NextPageCursor is not { Length: > 0 } next) return [.. calls.OrderByDescending(c => c.StartTime).Select(c => ViewOf(c, c.Id ?? ""))];
            if (!cursors.Add(next)) throw new ContactCenterException(FailureKind.MalformedReply, $"Looking for the calls of user {userId}: page {page} names a cursor that was used before, so the rest cannot be reached.");
            cursor = next;
        }
        throw new ContactCenterException(FailureKind.MalformedReply, $"Looking for the calls of user {userId}: there are more than {MostPages} pages.");
    }

    public async Task<CallView> ReadCallAsync(string conversationId, CancellationToken ct) => ViewOf(await api.GetAsync(
        $"conversations/{Segment(conversationId)}", $"Reading conversation {conversationId}", GuideJson.Default.GuideConversation, CallPurpose.Confirm, CallFor.Nobody, ct), conversationId);

    public Task<SendReply> MoveAsync(CallMove move, CancellationToken ct)
    {
        var reason = move.Reason is null && move.OriginalQueueId is null ? null : new GuideRoutingReason(move.Reason, move.OriginalQueueId);
        var body = new GuidePatch(new GuideRoutingAttributes(new GuideRouting(move.Intent.QueueId, move.Skills, reason)));
        return audited(move.Intent, move.Skills is { Count: > 0 } ? "skill" : "queue", () => api.SendOnceAsync(HttpMethod.Patch, $"conversations/{Segment(move.Intent.ConversationId)}", body,
            GuideJson.Default.GuidePatch, "Transferring the call", CallPurpose.Transfer, CallFor.Nobody, null, ct));
    }

    /// <summary>Skills went with the routing intent.</summary>
    public Task<bool> FinishAsync(CallMove move, CancellationToken ct) => Task.FromResult(true);

    static bool IsIn(string userId, GuideConversation call) =>
        (call.Participants ?? []).Any(p => string.Equals(p.Id, userId, StringComparison.OrdinalIgnoreCase) || string.Equals(p.UserId, userId, StringComparison.OrdinalIgnoreCase));

    CallView ViewOf(GuideConversation wire, string id) => new(GuideView.Of(wire, id, time.GetUtcNow()), wire.StartTime) { RoutedTo = RoutedTo(wire) };

    static string? RoutedTo(GuideConversation wire) =>
        wire.Attributes?.GetValueOrDefault("routingData") is { ValueKind: JsonValueKind.Object } routing && routing.TryGetProperty("queueId", out var queue) && queue.ValueKind == JsonValueKind.String ? queue.GetString() : null;

    static string Segment(string id) => GuidePath.Segment(id) ?? throw new ContactCenterException(FailureKind.MalformedId, $"'{id}' is not an id.");
}
