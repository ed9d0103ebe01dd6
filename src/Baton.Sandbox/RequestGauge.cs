namespace Baton.Sandbox;

/// <summary>Counts the HTTP requests of a client that are under way: put in front of its network handler, it is a busy sign for <see cref="VirtualTime"/>.</summary>
public sealed class RequestGauge(HttpMessageHandler network) : DelegatingHandler(network)
{
    int underWay;

    public int UnderWay => Volatile.Read(ref underWay);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref underWay);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            // With the body at hand, nothing of the exchange is left on the wire.
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            return response;
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }
}
