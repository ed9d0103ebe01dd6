using Baton.Core;

namespace Baton.Genesys.Http;

/// <summary>The last look at the clock before the wire: what waited too long for its place or its token is not sent, because by now somebody may be looking whether it was.</summary>
sealed class DeadlineHandler(TimeProvider time) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return GenesysRequest.Of(request).NotAfter is { } notAfter && now > notAfter
            ? throw new ContactCenterException(FailureKind.RateLimited, "Not sent: it waited too long for its turn.") { NotBefore = now }
            : base.SendAsync(request, cancellationToken);
    }
}
