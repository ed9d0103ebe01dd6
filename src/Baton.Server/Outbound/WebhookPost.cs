using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Baton.Core.Deliveries;

namespace Baton.Server.Outbound;

/// <summary>Sends one delivery, signed as Standard Webhooks has it. Redirects are not followed, the answer's body is not read, and nothing waits longer than 15 seconds.</summary>
public sealed class WebhookPost : IOutboundPost, IDisposable
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    readonly HttpMessageInvoker invoker;
    readonly TimeProvider time;

    /// <param name="network">The last handler before the wire; null: the network itself, with <paramref name="rules"/> for every connection.</param>
    public WebhookPost(AddressRules rules, HttpMessageHandler? network, TimeProvider time)
    {
        this.time = time;
        invoker = new HttpMessageInvoker(network ?? Guarded(rules), disposeHandler: network is null);
    }

    /// <summary>A handler that connects to permitted addresses only: checked on what the name resolved to, in the moment it is connected to.</summary>
    public static SocketsHttpHandler Guarded(AddressRules rules) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = async (context, ct) =>
        {
            var host = context.DnsEndPoint.Host;
            var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, ct);
            var refused = addresses.Select(a => (Address: a, Why: rules.WhyNot(a))).Where(a => a.Why is not null).ToList();
            var permitted = addresses.Where(a => rules.WhyNot(a) is null).ToArray();
            if (permitted.Length == 0) throw new HttpRequestException(refused.Count == 0 ? $"{host} resolves to no address." : $"{host} is not connected to: {refused[0].Address} {refused[0].Why}.");
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(permitted, context.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    public async Task<PostReply> PostAsync(DeliveryTarget target, Delivery delivery, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        using var request = Request(target, delivery);
        try
        {
            using var response = await invoker.SendAsync(request, either.Token);
            var status = (int)response.StatusCode;
            return new PostReply(status, Sentence(response)) { RetryAfter = RetryAfter(response) };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new PostReply(null, $"No answer within {Timeout.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return new PostReply(null, $"Not reached: {(e.InnerException is HttpRequestException inner ? inner : e).Message}");
        }
    }

    HttpRequestMessage Request(DeliveryTarget target, Delivery delivery)
    {
        var now = time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("webhook-id", delivery.Id);
        request.Headers.Add("webhook-timestamp", WebhookSecret.Timestamp(now));
        if (target.Secrets.Count > 0) request.Headers.Add("webhook-signature", string.Join(' ', target.Secrets.Select(s => s.Sign(delivery.Id, now, delivery.Body))));
        request.Headers.UserAgent.ParseAdd("Baton");
        return request;
    }

    static string? Sentence(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => $"HTTP {(int)response.StatusCode}: a redirect{(response.Headers.Location is { } to ? $" to {to.GetLeftPart(UriPartial.Path)}" : "")}, which is not followed; set the address itself.",
        410 => "HTTP 410: the receiver wants nothing more.",
        var status => $"HTTP {status}.",
    };

    TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wish = response.Headers.RetryAfter is not { } after ? null : after.Delta ?? (after.Date is { } date ? date - time.GetUtcNow() : (TimeSpan?)null);
        return wish > TimeSpan.Zero ? wish : null;
    }

    public void Dispose() => invoker.Dispose();
}
