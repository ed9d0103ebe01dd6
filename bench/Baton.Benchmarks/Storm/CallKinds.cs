using Baton.Sandbox;

namespace Baton.Benchmarks.Storm;

/// <summary>What a call of Baton's was for, told from the sandbox's ledger alone.</summary>
static class CallKinds
{
    /// <summary>Handing off, until the customer is told; what is counted apart is who decides (queues, staff, skills, shared by all) and who follows.</summary>
    public const string Leg = "leg", Brief = "brief", Transfer = "transfer", Confirm = "confirm", Skills = "skills", Message = "message", Deciding = "deciding", Following = "following";

    public static IReadOnlyDictionary<string, int> Count(IReadOnlyList<LedgerEntry> requests, IReadOnlyList<LedgerEntry> told)
    {
        var transferred = requests.Where(r => r.Route!.EndsWith("/replace/queue", StringComparison.Ordinal)).GroupBy(r => r.ConversationId!).ToDictionary(g => g.Key, g => g.Min(r => r.Sequence));
        var toldAt = told.GroupBy(m => m.ConversationId!).ToDictionary(g => g.Key, g => g.Min(m => m.Sequence));
        return requests.GroupBy(KindOf).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());

        string KindOf(LedgerEntry request) => (request.Method, request.Route![("/api/v2/".Length)..]) switch
        {
            ("GET", "conversations/{conversationId}") when !transferred.TryGetValue(request.ConversationId!, out var sent) || request.Sequence < sent => Leg,
            ("GET", "conversations/{conversationId}") when toldAt.TryGetValue(request.ConversationId!, out var at) && request.Sequence > at => Following,
            ("GET", "conversations/{conversationId}") => Confirm,
            ("PATCH", "conversations/{conversationId}/participants/{participantId}/attributes") => Brief,
            ("POST", var route) when route.EndsWith("/replace/queue", StringComparison.Ordinal) => Transfer,
            ("POST", var route) when route.EndsWith("/messages", StringComparison.Ordinal) => Message,
            ("PATCH", "routing/conversations/{conversationId}") => Skills,
            ("GET", var route) when route.StartsWith("routing/", StringComparison.Ordinal) => Deciding,
            ("POST", var route) when route.StartsWith("analytics/", StringComparison.Ordinal) => Deciding,
            var (method, route) => $"{method} {route}",
        };
    }
}
