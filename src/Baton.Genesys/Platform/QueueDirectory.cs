using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Http;

namespace Baton.Genesys.Platform;

/// <summary>Queues, skills and languages by name or id, shared by everybody who asks: a thousand handoffs to one queue cost one look in a few seconds.</summary>
sealed class QueueDirectory(GenesysApi api, GenesysOptions options, TimeProvider time)
{
    static readonly TimeSpan NamesKeep = TimeSpan.FromMinutes(5);

    readonly SharedReads<WireQueue?> queues = new(NamesKeep, time);
    readonly SharedReads<(int? OnQueue, int? Free)> staff = new(options.QueueCache, time);
    readonly SharedReads<string?> skills = new(NamesKeep, time);
    readonly SharedReads<string?> languages = new(NamesKeep, time);

    public async Task<QueueCheck> CheckAsync(string asked, CallFor call, CancellationToken ct)
    {
        var queue = await queues.GetAsync(asked, () => FindQueueAsync(asked, call, CancellationToken.None), ct);
        if (queue?.Id is not { } id)
        {
            // Somebody may just be creating it: what is not there is not remembered.
            queues.Forget(q => q is null);
            return new QueueCheck(asked, null, null, null, null, null);
        }
        if (queue.MemberCount == 0) return new QueueCheck(asked, id, queue.Name, 0, 0, 0) { Media = MediaOf(queue) };
        var (onQueue, free) = await staff.GetAsync(id, () => StaffAsync(id, call, CancellationToken.None), ct);
        return new QueueCheck(asked, id, queue.Name, queue.MemberCount, onQueue, free) { Media = MediaOf(queue) };
    }

    /// <summary>The id of a queue that is there.</summary>
    public async Task<string?> FindAsync(string asked, CancellationToken ct)
    {
        var queue = await queues.GetAsync(asked, () => FindQueueAsync(asked, CallFor.Nobody, CancellationToken.None), ct);
        if (queue is null) queues.Forget(q => q is null);
        return queue?.Id;
    }

    static IReadOnlyList<Media>? MediaOf(WireQueue queue) => queue.MediaSettings is not { Count: > 0 } settings ? null
        : [.. new[] { (Media.Message, "message"), (Media.Voice, "call") }.Where(m => settings.ContainsKey(m.Item2)).Select(m => m.Item1)];

    /// <summary>The platform's queues have no status: one that is there is active.</summary>
    public async Task<QueueStatus> ReadStatusAsync(string asked, CancellationToken ct)
    {
        if (await FindQueueAsync(asked, CallFor.Nobody, ct) is not { Id: { } id } queue) return QueueStatus.NotFound(asked);
        if (queue.MemberCount == 0) return new QueueStatus(id, "active", 0, 0, null);
        var (_, free) = await StaffAsync(id, CallFor.Nobody, ct);
        return new QueueStatus(id, "active", queue.MemberCount, free, free is null ? "The staff cannot be seen: the OAuth client lacks the permission analytics:queueObservation:view" : null);
    }

    /// <summary>The platform says the queue does not exist: what is remembered of it is wrong.</summary>
    public void Forget(string queueId) => queues.Forget(q => q?.Id == queueId);

    /// <exception cref="ContactCenterException">BadRequest: there is no such skill.</exception>
    public Task<string> SkillAsync(string name, CallFor call, CancellationToken ct) => NamedAsync(skills, "skills", "skill", name, call, ct);

    /// <exception cref="ContactCenterException">BadRequest: there is no such language.</exception>
    public Task<string> LanguageAsync(string name, CallFor call, CancellationToken ct) => NamedAsync(languages, "languages", "language", name, call, ct);

    public async Task<IReadOnlyList<WireQueue>> ListAsync(CancellationToken ct)
    {
        var all = new List<WireQueue>();
        for (var page = 1; ; page++)
        {
            var read = await api.GetAsync($"routing/queues?pageSize=100&pageNumber={page}", "Listing the queues", PlatformJson.Default.WirePageWireQueue, CallPurpose.Read, CallFor.Nobody, ct);
            all.AddRange(read.Entities ?? []);
            if (page >= (read.PageCount ?? 1) || read.Entities is not { Count: > 0 }) return all;
        }
    }

    async Task<WireQueue?> FindQueueAsync(string asked, CallFor call, CancellationToken ct)
    {
        if (Guid.TryParse(asked, out _))
        {
            try { return await api.GetAsync($"routing/queues/{asked}", $"Looking up queue {asked}", PlatformJson.Default.WireQueue, CallPurpose.Validate, call, ct); }
            catch (ContactCenterException e) when (e.Kind is FailureKind.ConversationNotFound) { return null; }
        }
        var read = await api.GetAsync($"routing/queues?pageSize=100&name={Uri.EscapeDataString(asked)}", $"Looking up queue '{asked}'", PlatformJson.Default.WirePageWireQueue, CallPurpose.Validate, call, ct);
        return (read.Entities ?? []).FirstOrDefault(q => string.Equals(q.Name, asked, StringComparison.OrdinalIgnoreCase));
    }

    async Task<(int?, int?)> StaffAsync(string id, CallFor call, CancellationToken ct)
    {
        try
        {
            var query = new WireObservationQuery(new WireFilter("and", [new WirePredicate("dimension", "queueId", "matches", id)]), ["oOnQueueUsers"]);
            var read = await api.QueryAsync("analytics/queues/observations/query", query, PlatformJson.Default.WireObservationQuery, $"Reading the staff of queue {id}",
                PlatformJson.Default.WireObservations, CallPurpose.Validate, call, ct);
            var users = (read.Results ?? []).Where(r => r.Group?.ContainsKey("mediaType") != true).SelectMany(r => r.Data ?? []).Where(d => d.Metric == "oOnQueueUsers").ToList();
            // A missing entry is a zero. Members who did not answer are on queue by name only.
            return ((int)users.Where(d => d.Qualifier is "IDLE" or "INTERACTING" or "COMMUNICATING").Sum(d => d.Stats?.Count ?? 0), (int)users.Where(d => d.Qualifier == "IDLE").Sum(d => d.Stats?.Count ?? 0));
        }
        catch (ContactCenterException e) when (e.Kind == FailureKind.MissingPermission)
        {
            return (null, null);
        }
    }

    async Task<string> NamedAsync(SharedReads<string?> shared, string path, string noun, string name, CallFor call, CancellationToken ct)
    {
        if (Guid.TryParse(name, out _)) return name;
        var id = await shared.GetAsync(name, async () =>
        {
            var read = await api.GetAsync($"routing/{path}?pageSize=100&name={Uri.EscapeDataString(name)}", $"Looking up {noun} '{name}'", PlatformJson.Default.WirePageWireNamed, CallPurpose.Validate, call, CancellationToken.None);
            return (read.Entities ?? []).FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase) && s.State is null or "active")?.Id;
        }, ct);
        return id ?? throw new ContactCenterException(FailureKind.BadRequest, $"There is no active {noun} '{name}' in the organization.");
    }
}
