using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Transfers;
using Baton.Genesys.Http;

namespace Baton.Genesys.Platform;

/// <summary>
/// Guide 002 with the calls that Genesys Cloud has: analytics finds the call, the conversation itself says who is in it, <c>replace/queue</c> moves the user's leg, attributes of the
/// caller keep the reason, and the skills are set once it waits.
/// </summary>
sealed class PlatformCallTransfers(GenesysApi api, Audited audited, QueueDirectory queues, TimeProvider time) : ICallTransfers
{
    const int PageSize = 100;
    const int MostPages = 50;

    /// <summary>A call that has lasted longer is found by its id only.</summary>
    static readonly TimeSpan LongestCall = TimeSpan.FromDays(2);

    public bool CouldBeId(string id) => Guid.TryParse(id, out _);

    public async Task<IReadOnlyList<CallView>> FindCallsAsync(string userId, CancellationToken ct)
    {
        var found = new List<CallView>();
        var now = time.GetUtcNow().UtcDateTime;
        for (var page = 1; page <= MostPages; page++)
        {
            var query = new WireDetailsQuery($"{now - LongestCall:yyyy-MM-ddTHH:mm:ss.fffZ}/{now.AddMinutes(1):yyyy-MM-ddTHH:mm:ss.fffZ}", "desc", "conversationStart", new WirePaging(PageSize, page),
                [new WireFilter("and", [new WirePredicate("dimension", "mediaType", "matches", "voice"), new WirePredicate("dimension", "userId", "matches", userId)])],
                [new WireFilter("and", [new WirePredicate("dimension", "conversationEnd", "notExists", null)])]);
            var read = await api.QueryAsync("analytics/conversations/details/query", query, PlatformJson.Default.WireDetailsQuery, $"Looking for the calls of user {userId}",
                PlatformJson.Default.WireFoundConversations, CallPurpose.Read, CallFor.Nobody, ct);
            // Analytics trails, so what it tells is only where to look.
            foreach (var id in (read.Conversations ?? []).Select(c => c.ConversationId).OfType<string>())
            {
                if (await FindAsync(id, ct) is { } call && IsIn(userId, call)) found.Add(call);
            }
            // The newest first: what follows is older.
            if (found.Count > 0 || read.Conversations is not { Count: > 0 } || page * PageSize >= (read.TotalHits ?? 0)) break;
        }
        return [.. found.OrderByDescending(c => c.StartedAt)];
    }

    public async Task<CallView> ReadCallAsync(string conversationId, CancellationToken ct)
    {
        var wire = await api.GetAsync($"conversations/{conversationId}", $"Reading conversation {conversationId}", PlatformJson.Default.WireConversation, CallPurpose.Confirm, CallFor.Nobody, ct);
        var asked = (wire.Participants ?? []).LastOrDefault(p => p.ConversationRoutingData is not null)?.ConversationRoutingData?.Skills;
        return new CallView(PlatformView.Of(wire, conversationId), wire.StartTime) { Skills = asked is null ? null : [.. asked.Select(s => s.Id).OfType<string>()] };
    }

    public async Task<SendReply> MoveAsync(CallMove move, CancellationToken ct)
    {
        // It waits there, and only its skills are to change.
        if (move.Before.View.Live(ParticipantRole.Queue) is { } waiting && waiting.Id == move.Intent.LegId && waiting.QueueId == move.Intent.QueueId) return new SendReply.Accepted();
        if (move.Intent.Attempt == 1)
        {
            // Before the move, so that the next agent's script finds them; merging by key, so they may be written again.
            var told = new Dictionary<string, string>();
            if (move.Reason is { } reason) told["transferReason"] = reason;
            if (move.OriginalQueueId is { } queue) told["originalQueueId"] = queue;
            if (told.Count > 0 && move.Before.View.Customer is { } customer)
                await api.SetAsync($"conversations/{move.Intent.ConversationId}/participants/{customer.Id}/attributes", new WireAttributes(told), PlatformJson.Default.WireAttributes,
                    "Writing down the reason", CallPurpose.Brief, CallFor.Nobody, ct);
        }
        return await audited(move.Intent, move.Skills is { Count: > 0 } ? "skill" : "queue", () => api.SendOnceAsync(HttpMethod.Post,
            $"conversations/{move.Intent.ConversationId}/participants/{move.Intent.LegId}/replace/queue", new WireTransferToQueue(move.Intent.QueueId, "Unattended"), PlatformJson.Default.WireTransferToQueue,
            "Transferring the call", CallPurpose.Transfer, CallFor.Nobody, null, ct));
    }

    public async Task<bool> FinishAsync(CallMove move, CancellationToken ct)
    {
        // An agent's leg carries no skills on, so those that are to be kept are asked for again.
        var wanted = new List<string>();
        if (move.Skills is null) wanted.AddRange(move.Before.Skills ?? []);
        else foreach (var skill in move.Skills) wanted.Add(await queues.SkillAsync(skill, CallFor.Nobody, ct));
        if (wanted.Count == 0 && move.Skills is null) return true;
        try
        {
            await api.SetAsync($"routing/conversations/{move.Intent.ConversationId}", new WireRouting(null, wanted, null), PlatformJson.Default.WireRouting, "Setting the skills", CallPurpose.Confirm, CallFor.Nobody, ct);
            return true;
        }
        catch (ContactCenterException e) when (e.Kind is FailureKind.BadRequest or FailureKind.ConversationNotFound or FailureKind.Conflict or FailureKind.LegGone)
        {
            return false;
        }
    }

    async Task<CallView?> FindAsync(string id, CancellationToken ct)
    {
        try { return await ReadCallAsync(id, ct); }
        catch (ContactCenterException e) when (e.Kind == FailureKind.ConversationNotFound) { return null; }
    }

    static bool IsIn(string userId, CallView call) => call.View is { CustomerIsGone: false, Media: Media.Voice }
        && call.View.Participants.Any(p => p is { Role: ParticipantRole.Agent, EndedAt: null, Connected: true } && string.Equals(p.UserId, userId, StringComparison.OrdinalIgnoreCase));
}
