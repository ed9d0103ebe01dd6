using System.Net;
using Baton.Sandbox.Sockets;

namespace Baton.Sandbox;

/// <summary>
/// Counts the HTTP requests of a client that are under way: put in front of its network handler, it is a busy sign for <see cref="VirtualTime"/>.
/// A WebSocket opened through it (<c>ClientWebSocket.ConnectAsync(uri, new HttpMessageInvoker(gauge), ct)</c>) counts as well, each message from its sending until the sandbox has dealt with it.
/// </summary>
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
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols) await response.Content.LoadIntoBufferAsync(cancellationToken);
            else response.Content = new GaugedConnection(await response.Content.ReadAsStreamAsync(cancellationToken), messages => Interlocked.Add(ref underWay, messages));
            return response;
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }
}
