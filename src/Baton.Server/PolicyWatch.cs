using Baton.Core;
using Baton.Core.Policies;
using Microsoft.Extensions.Logging;

namespace Baton.Server;

/// <summary>
/// Keeps the newest version of the policy in force. Versions come from what the settings name, once an engineer has edited it, and from the console: whoever changed last has it, on every node
/// (docs/decisions/010). What cannot be used never gets in; the policy in force stays, and <see cref="Trouble"/> says why.
/// </summary>
public sealed partial class PolicyWatch : IDisposable
{
    static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    readonly BatonSettings settings;
    readonly IPolicyStore store;
    readonly PolicyHolder holder;
    readonly TimeProvider time;
    readonly ILogger log;
    readonly SemaphoreSlim turnstile = new(1, 1);
    PolicyEdition file;
    string? halfSeen;
    string? fileTrouble;
    string? storeTrouble;
    long looked;
    PolicyEdition inForce;

    public PolicyWatch(BatonSettings settings, IPolicyStore store, PolicyHolder holder, string text, TimeProvider time, ILogger<PolicyWatch> log)
    {
        (this.settings, this.store, this.holder, this.time, this.log) = (settings, store, holder, time, log);
        inForce = file = FromFile(text, holder.Current);
    }

    /// <summary>What is in force; numbered 0 as long as it is in no store.</summary>
    public PolicyEdition InForce => Volatile.Read(ref inForce);

    /// <summary>Why the newest version, or the file, is not in force; null when all is well.</summary>
    public string? Trouble => (Volatile.Read(ref fileTrouble), Volatile.Read(ref storeTrouble)) switch { (null, var s) => s, (var f, null) => f, var (f, s) => $"{f} {s}" };

    /// <summary>A preset's name, or the file.</summary>
    string Origin => IsPreset ? $"preset {settings.Policy}" : settings.Policy;
    bool IsPreset => PolicyPresets.Names.Contains(settings.Policy);

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(BetweenLooks, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                try { await RunOnceAsync(stop); }
                catch (StoreException) { /* The store's own watch says so; the policy in force stays. */ }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
    }

    /// <summary>Takes what the server of this store would have in force, and enters nothing: for a command.</summary>
    public async Task FollowAsync(CancellationToken ct)
    {
        if (await store.NewestPolicyAsync(null, ct) is { } newest && !await IsEditedAsync(file, newest, ct)) Take(newest);
    }

    /// <summary>Enters the file if it was edited while no server ran, then takes the newest.</summary>
    public Task BeginAsync(CancellationToken ct) => InTurnAsync(async () =>
    {
        await EnterAsync(file with { At = time.GetUtcNow() }, ct);
        await TakeNewestAsync(ct);
        SayInForce();
    }, ct);

    /// <summary>Looks whether the file has changed, or another process has entered a version.</summary>
    public Task RunOnceAsync(CancellationToken ct) => InTurnAsync(async () =>
    {
        var before = InForce;
        if (!IsPreset) await LookAtFileAsync(ct);
        await TakeNewestAsync(ct);
        if (InForce.Number != before.Number) SayInForce();
    }, ct);

    async Task InTurnAsync(Func<Task> look, CancellationToken ct)
    {
        await turnstile.WaitAsync(ct);
        try { await look(); }
        finally { turnstile.Release(); }
    }

    async Task LookAtFileAsync(CancellationToken ct)
    {
        var errors = new List<string>();
        var text = PolicyHolder.ReadText(settings.Policy, errors);
        // Seen twice the same: half of a file that is being written may be a policy too.
        var isWritten = halfSeen == (text ?? "");
        halfSeen = text ?? "";
        if (text == file.Text)
        {
            Say(ref fileTrouble, null);
            return;
        }
        if (!isWritten) return;
        if (text is not null && PolicyHolder.Check(text, settings.Policy, settings.Genesys.Flavor, errors) is { } policy)
        {
            await EnterAsync(FromFile(text, policy), ct);
            Say(ref fileTrouble, null);
        }
        else
        {
            Say(ref fileTrouble, $"The policy file cannot be used, and the policy in force stays: {string.Join(" ", errors.Select(e => e.EndsWith('.') ? e : e + "."))}");
        }
    }

    async Task EnterAsync(PolicyEdition read, CancellationToken ct)
    {
        while (true)
        {
            var newest = await store.NewestPolicyAsync(null, ct);
            if (newest is not null && !await IsEditedAsync(read, newest, ct)) break;
            if ((await store.SavePolicyAsync(read, newest?.Number ?? 0, ct)).IsSaved) break;
            // Another process was quicker, perhaps with the same file.
        }
        file = read;
    }

    async Task<bool> IsEditedAsync(PolicyEdition read, PolicyEdition newest, CancellationToken ct)
    {
        var known = newest.Source == PolicySource.File ? newest : await store.NewestPolicyAsync(PolicySource.File, ct);
        if (known is null) return true;
        // By its rules as they read today: a preset that it extends may have changed with an update of Baton, and a comment decides nothing.
        if (known.Text == read.Text || PolicyDocument.Parse(known.Text, known.By).Policy?.Version.Hash == read.Version.Hash) return false;
        // A preset is edited by nobody: that an update changed it is no reason to drop what was made of it.
        return !(IsPreset && known.By == read.By && newest.Source != PolicySource.File);
    }

    async Task TakeNewestAsync(CancellationToken ct)
    {
        if (await store.NewestPolicyAsync(null, ct) is { } newest && newest.Number != looked) Take(newest);
    }

    void Take(PolicyEdition newest)
    {
        looked = newest.Number;
        var errors = new List<string>();
        if (PolicyHolder.Check(newest.Text, $"version {newest.Number}", settings.Genesys.Flavor, errors) is not { } policy)
        {
            Say(ref storeTrouble, $"Version {newest.Number} of the policy, by {newest.By}, cannot be used here, and the policy in force stays: {string.Join(" ", errors.Select(e => e.EndsWith('.') ? e : e + "."))}");
            return;
        }
        holder.Swap(policy);
        Volatile.Write(ref inForce, newest);
        Say(ref storeTrouble, null);
    }

    void SayInForce() => NowInForce(log, InForce.Number, InForce.Version.Name, InForce.Version.Hash, InForce.By);

    void Say(ref string? place, string? trouble)
    {
        if (Interlocked.Exchange(ref place, trouble) != trouble && trouble is not null) Refused(log, trouble);
    }

    PolicyEdition FromFile(string text, Policy policy) => new(0, policy.Version, text, Origin, time.GetUtcNow(), PolicySource.File);

    public void Dispose() => turnstile.Dispose();

    [LoggerMessage(LogLevel.Information, "Policy version {Number} is in force: {Name} {Hash}, by {By}")]
    static partial void NowInForce(ILogger log, long number, string name, string hash, string by);

    [LoggerMessage(LogLevel.Error, "{Trouble}")]
    static partial void Refused(ILogger log, string trouble);
}
