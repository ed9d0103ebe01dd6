using Baton.Core.Handoffs;

namespace Baton.Server.Console;

/// <summary>Agents have names where a person reads; what told of them may have known ids alone.</summary>
static class AgentNames
{
    const int MostAtOnce = 20;

    /// <summary>Who waits for a page waits no longer than this for a name; the next reading has it.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    public static async Task<IReadOnlyList<Handoff>> NamedAsync(this BatonSystem system, IReadOnlyList<Handoff> handoffs, CancellationToken ct)
    {
        var asked = handoffs.Where(h => h is { AgentId: not null, AgentName: null }).Select(h => h.AgentId!).Distinct(StringComparer.Ordinal).Take(MostAtOnce)
            .ToDictionary(id => id, id => system.Center.UserNameAsync(id, CancellationToken.None), StringComparer.Ordinal);
        if (asked.Count == 0) return handoffs;
        // By the wall's clock: a demo's may stand still until the page is there.
        try { await Task.WhenAll(asked.Values).WaitAsync(Patience, TimeProvider.System, ct); }
        catch (TimeoutException) { /* Those that are there are shown. */ }
        return [.. handoffs.Select(h => h.AgentName is null && h.AgentId is { } id && asked.TryGetValue(id, out var name) && name.IsCompletedSuccessfully ? h with { AgentName = name.Result } : h)];
    }

    public static async Task<Handoff> NamedAsync(this BatonSystem system, Handoff handoff, CancellationToken ct) => (await system.NamedAsync([handoff], ct))[0];
}
