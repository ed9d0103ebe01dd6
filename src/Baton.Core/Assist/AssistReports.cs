namespace Baton.Core.Assist;

/// <summary>Reads what a report is made of.</summary>
public static class AssistReports
{
    public static async Task<AssistReport> ReadAsync(IAssistStore store, DateTimeOffset? since, CancellationToken ct)
    {
        var all = new AssistFilter { Since = since, Limit = int.MaxValue };
        return AssistReport.Of(since, await store.ListAssistAsync(all, ct), await store.ListSuggestionsAsync(all, ct));
    }
}
