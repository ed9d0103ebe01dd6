using Baton.Core;
using Baton.Genesys.Http;

namespace Baton.Genesys.Platform;

/// <summary>Names of users: events carry ids alone. Worth no wait and no trouble, so a lookup that fails is no name, and for a while nobody is asked again.</summary>
sealed class UserDirectory(GenesysApi api, TimeProvider time)
{
    static readonly TimeSpan Keep = TimeSpan.FromHours(4);
    static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    readonly SharedReads<string?> names = new(Keep, time);
    long quietUntil;

    public async Task<string?> NameAsync(string id, CancellationToken ct)
    {
        if (time.GetUtcNow().UtcTicks < Interlocked.Read(ref quietUntil)) return null;
        try
        {
            // Following goes last and never takes more than its share of the quota; a name is worth no more.
            return await names.GetAsync(id, async () => (await api.GetAsync($"users/{Uri.EscapeDataString(id)}", $"Reading the name of user {id}", PlatformJson.Default.WireNamed, CallPurpose.Follow, CallFor.Nobody, CancellationToken.None)).Name, ct);
        }
        catch (ContactCenterException)
        {
            Interlocked.Exchange(ref quietUntil, (time.GetUtcNow() + Quiet).UtcTicks);
            return null;
        }
    }
}
