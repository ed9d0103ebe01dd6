using Baton.Core;
using Baton.Genesys.Http;

namespace Baton.Genesys.Platform;

/// <summary>
/// What the OAuth client's role must hold, by the vendor's permission tables, and how each is proved: by the call that needs it, with an id that cannot exist.
/// The platform checks the permission before it looks for the thing, so 404 proves it and nothing is changed by the calls that would write.
/// </summary>
static class PlatformPermissions
{
    const string Nobody = "00000000-0000-0000-0000-000000000000";

    public static IReadOnlyList<Probe> All { get; } =
    [
        new("conversation:communication:view", "read who is in a conversation", HttpMethod.Get, $"conversations/{Nobody}"),
        new("conversation:communication:blindTransferQueue", "transfer it to a queue", HttpMethod.Post, $"conversations/{Nobody}/participants/{Nobody}/replace/queue", $$"""{"queueId":"{{Nobody}}","transferType":"Unattended"}"""),
        new("conversation:message:view", "read what was said", HttpMethod.Post, $"conversations/messages/{Nobody}/messages/bulk", $"""["{Nobody}"]"""),
        new("conversation:message:create", "tell the customer", HttpMethod.Post, $"conversations/messages/{Nobody}/communications/{Nobody}/messages", """{"textBody":"?"}"""),
        new("routing:queue:view", "find queues by name", HttpMethod.Get, "routing/queues?pageSize=1"),
        new("routing:skill:view", "find skills by name", HttpMethod.Get, "routing/skills?pageSize=1"),
        new("routing:conversation:edit", "set skills and priority while it waits", HttpMethod.Patch, $"routing/conversations/{Nobody}", """{"priority":0}"""),
        new("analytics:queueObservation:view", "see whether anybody is on queue", HttpMethod.Post, "analytics/queues/observations/query",
            $$"""{"filter":{"type":"and","predicates":[{"type":"dimension","dimension":"queueId","operator":"matches","value":"{{Nobody}}"}]},"metrics":["oOnQueueUsers"]}"""),
        new("analytics:conversationDetail:view", "find which bot flow spoke", HttpMethod.Get, $"analytics/conversations/{Nobody}/details"),
        new("analytics:botFlowDivisionAwareReportingTurn:view", "read intents and confidence", HttpMethod.Get, $"analytics/botflows/{Nobody}/divisions/reportingturns?pageSize=1"),
        new("speechAndTextAnalytics:data:view, recording:recording:view", "read sentiment, where it is licensed", HttpMethod.Get, $"speechandtextanalytics/conversations/{Nobody}") { IsOptional = true },
        new("conversation:suggestion:view", "read what the queue's assistant suggests", HttpMethod.Get, $"conversations/{Nobody}/suggestions?pageSize=1") { IsOptional = true },
        new("conversation:suggestionEngagement:add", "tell the assistant what was used", HttpMethod.Post, $"conversations/{Nobody}/suggestions/{Nobody}/engagement", """{"engagementType":"Opened"}""") { IsOptional = true },
        new("knowledge:knowledgebase:search", "search knowledge bases for agents", HttpMethod.Post, $"knowledge/knowledgebases/{Nobody}/documents/search", """{"query":"?","pageSize":1}""") { IsOptional = true },
    ];

    public static async Task<IReadOnlyList<PermissionCheck>> CheckAsync(GenesysApi api, CancellationToken ct)
    {
        var checks = new List<PermissionCheck>();
        foreach (var probe in All)
        {
            var fault = await api.ProbeAsync(probe.Method, probe.Path, probe.Body, $"Checking {probe.Permission}", ct);
            if (fault is not null && (Failures.IsPassing(fault.Kind) && fault.Kind != FailureKind.Conflict || fault.Kind == FailureKind.Unauthorized)) throw fault;
            checks.Add(new PermissionCheck(probe.Permission, probe.For, fault?.Kind != FailureKind.MissingPermission, probe.IsOptional));
        }
        return checks;
    }

    public sealed record Probe(string Permission, string For, HttpMethod Method, string Path, string? Body = null)
    {
        public bool IsOptional { get; init; }
    }
}
