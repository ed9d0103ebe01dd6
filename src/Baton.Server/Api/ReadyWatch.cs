using Baton.Core;

namespace Baton.Server.Api;

/// <summary>Whether this server should be given work: it owns the store, the store takes work, and the platform can be signed in to. What the platform said is remembered for a while, so that a probe costs no quota.</summary>
sealed class ReadyWatch(BatonSystem system, StoreWatch watch) : IDisposable
{
    static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);
    static readonly TimeSpan BadFor = TimeSpan.FromSeconds(15);

    readonly SemaphoreSlim turnstile = new(1, 1);
    string? trouble;
    DateTimeOffset until;

    public async Task<IReadOnlyList<string>> WhyNotAsync(CancellationToken ct)
    {
        var why = new List<string>();
        var store = await watch.LookAsync(ct);
        if (store.Trouble is { } broken) why.Add(broken);
        else if (await system.Store.OwnerAsync(ct) is not { } owner || owner.Process != Environment.ProcessId) why.Add("Another process owns the store; this one does not run its handoffs.");
        if (await PlatformTroubleAsync(ct) is { } platform) why.Add(platform);
        return why;
    }

    async Task<string?> PlatformTroubleAsync(CancellationToken ct)
    {
        await turnstile.WaitAsync(ct);
        try
        {
            if (system.Time.GetUtcNow() < until) return trouble;
            trouble = await AskAsync(ct);
            until = system.Time.GetUtcNow() + (trouble is null ? GoodFor : BadFor);
            return trouble;
        }
        finally
        {
            turnstile.Release();
        }
    }

    async Task<string?> AskAsync(CancellationToken ct)
    {
        try
        {
            await system.Center.OrganizationAsync(ct);
            return null;
        }
        catch (ContactCenterException e) when (e.Kind != FailureKind.RateLimited)
        {
            return e.Message;
        }
        catch (ContactCenterException)
        {
            // It answers, and knows us.
            return null;
        }
    }

    public void Dispose() => turnstile.Dispose();
}
