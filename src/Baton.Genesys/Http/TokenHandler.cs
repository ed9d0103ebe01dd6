using System.Net.Http.Headers;

namespace Baton.Genesys.Http;

/// <summary>Puts the client's token on the call.</summary>
sealed class TokenHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var client = GenesysRequest.Of(request).Client!;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await client.Token.GetAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
