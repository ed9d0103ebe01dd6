using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Http;
using Baton.Genesys.Platform;

namespace Baton.Genesys.Guide;

/// <summary>
/// Queues and who is there (rows 000 c and d of the contract). The guides read a queue by its id and never by its name: the settings may give ids their names.
/// Shared for seconds, as on the platform.
/// </summary>
sealed class GuideQueues(GenesysApi api, GenesysOptions options, TimeProvider time)
{
    const int PageSize = 100;
    const int MostPages = 100;

    readonly SharedReads<QueueCheck> checks = new(options.QueueCache, time);
    readonly Dictionary<string, string> ids = new(options.Queues, StringComparer.OrdinalIgnoreCase);

    public Task<QueueCheck> CheckAsync(string asked, CallFor call, CancellationToken ct) => checks.GetAsync(asked, () => ReadAsync(asked, call, CancellationToken.None), ct);

    /// <summary>What is remembered of a queue is wrong.</summary>
    public void Forget(string queueId) => checks.Forget(q => q.QueueId == queueId);

    /// <summary>Those that the settings name.</summary>
    public async Task<IReadOnlyList<QueueCheck>> ListAsync(CancellationToken ct)
    {
        var queues = new List<QueueCheck>();
        foreach (var name in ids.Keys.Order(StringComparer.OrdinalIgnoreCase)) queues.Add(await ReadAsync(name, CallFor.Nobody, ct));
        return queues;
    }

    public async Task<QueueStatus> ReadStatusAsync(string asked, CancellationToken ct)
    {
        if (await FindAsync(asked, CallFor.Nobody, ct) is not { Id: { } id } queue) return QueueStatus.NotFound(asked);
        try
        {
            var members = await MembersAsync(id, CallFor.Nobody, ct);
            return new QueueStatus(id, queue.Status, queue.MembersCount ?? members.Count, members.Count(m => Is(m, "available")), null);
        }
        catch (ContactCenterException e) when (e.Kind == FailureKind.MissingPermission)
        {
            return new QueueStatus(id, queue.Status, queue.MembersCount, null, e.Message);
        }
    }

    /// <summary>Whether a queue that a transfer was refused for is there and open: null when it is.</summary>
    public async Task<string?> WhyClosedAsync(string queueId, CallFor call, CancellationToken ct)
    {
        var queue = await FindAsync(queueId, call, ct);
        return queue is null ? $"There is no queue {queueId}." : IsActive(queue) ? null : $"The queue '{queue.Name ?? queueId}' is not active.";
    }

    async Task<QueueCheck> ReadAsync(string asked, CallFor call, CancellationToken ct)
    {
        if (await FindAsync(asked, call, ct) is not { Id: { } id } queue) return new QueueCheck(asked, null, null, null, null, null);
        // Nothing may be sent there, whoever sits in it: as good as nobody, and the name says why.
        if (!IsActive(queue)) return new QueueCheck(asked, id, $"{queue.Name ?? id} (inactive)", queue.MembersCount, 0, 0) { Media = MediaOf(queue) };
        try
        {
            var members = await MembersAsync(id, call, ct);
            var free = members.Count(m => Is(m, "available"));
            return new QueueCheck(asked, id, queue.Name, queue.MembersCount ?? members.Count, free + members.Count(m => Is(m, "busy")), free) { Media = MediaOf(queue) };
        }
        catch (ContactCenterException e) when (e.Kind == FailureKind.MissingPermission)
        {
            return new QueueCheck(asked, id, queue.Name, queue.MembersCount, null, null) { Media = MediaOf(queue) };
        }
    }

    async Task<GuideQueue?> FindAsync(string asked, CallFor call, CancellationToken ct)
    {
        var id = ids.GetValueOrDefault(asked, asked);
        if (GuidePath.Segment(id) is not { } segment) return null;
        try { return await api.GetAsync($"routing/queues/{segment}", $"Looking up queue {asked}", GuideJson.Default.GuideQueue, CallPurpose.Validate, call, ct); }
        catch (ContactCenterException e) when (e.Kind == FailureKind.ConversationNotFound) { return null; }
    }

    async Task<IReadOnlyList<GuideMember>> MembersAsync(string id, CallFor call, CancellationToken ct)
    {
        var members = new List<GuideMember>();
        for (var page = 1; page <= MostPages; page++)
        {
            var read = await api.GetAsync($"routing/queues/{GuidePath.Segment(id)}/members?pageSize={PageSize}&pageNumber={page}", $"Reading the members of queue {id}", GuideJson.Default.GuideMembers, CallPurpose.Validate, call, ct);
            members.AddRange(read.Entities ?? []);
            if (page >= (read.PageCount ?? 1) || read.Entities is not { Count: > 0 }) break;
        }
        return [.. members.DistinctBy(m => m.Id)];
    }

    static IReadOnlyList<Media>? MediaOf(GuideQueue queue) => queue.MediaTypes is null ? null : [.. queue.MediaTypes.Select(GuideView.MediaOf).Distinct()];

    static bool IsActive(GuideQueue queue) => string.Equals(queue.Status, "active", StringComparison.OrdinalIgnoreCase);
    static bool Is(GuideMember member, string status) => string.Equals(member.Status, status, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The guides' ids are any text; in a path they must stay one step of it.</summary>
static class GuidePath
{
    /// <summary>Null when the text cannot be an id.</summary>
    public static string? Segment(string id) => id.Trim() is { Length: > 0 and <= 200 } text && text is not ("." or "..") ? Uri.EscapeDataString(text) : null;
}
