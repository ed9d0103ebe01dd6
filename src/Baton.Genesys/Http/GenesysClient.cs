using Baton.Genesys.Auth;
using Baton.Genesys.Quota;

namespace Baton.Genesys.Http;

/// <summary>One OAuth client: its token and its quota windows.</summary>
sealed class GenesysClient(string id, TokenCache token, QuotaLine quota, QuotaLine suggestions) : IDisposable
{
    public string Id { get; } = id;
    public TokenCache Token { get; } = token;
    public QuotaLine Quota { get; } = quota;
    public QuotaLine Suggestions { get; } = suggestions;

    public QuotaLine Line(QuotaBucket bucket) => bucket == QuotaBucket.Suggestions ? Suggestions : Quota;

    public void Dispose()
    {
        Quota.Dispose();
        Suggestions.Dispose();
    }
}
