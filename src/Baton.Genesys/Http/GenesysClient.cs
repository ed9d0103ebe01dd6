using Baton.Genesys.Auth;
using Baton.Genesys.Quota;

namespace Baton.Genesys.Http;

/// <summary>One OAuth client: its token and its quota window.</summary>
sealed class GenesysClient(string id, TokenCache token, QuotaLine quota)
{
    public string Id { get; } = id;
    public TokenCache Token { get; } = token;
    public QuotaLine Quota { get; } = quota;
}
