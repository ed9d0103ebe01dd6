using System.Net;
using Baton.Core;

namespace Baton.Genesys.Http;

/// <summary>
/// The whole retry policy of a call. Short, in-call retries only; whatever takes longer is put back into the table by the runner.
/// A refused token is renewed once, for any call, because a refused call was not executed. A call that may be repeated is repeated on gateway faults and broken
/// connections, three times in all. A call that may not (a transfer, a message) is never repeated here: the runner looks before it sends again.
/// </summary>
sealed class RetryHandler(TimeProvider time, Random random) : DelegatingHandler
{
    const int Attempts = 3;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GenesysRequest.Of(request);
        var renewed = false;
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage? response = null;
            Exception? broken = null;
            try { response = await base.SendAsync(request, cancellationToken); }
            catch (Exception e) when (e is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested) { broken = e; }

            if (response?.StatusCode == HttpStatusCode.Unauthorized && !renewed)
            {
                renewed = true;
                attempt--;
                call.Client?.Token.Refused(request.Headers.Authorization?.Parameter ?? "");
                response.Dispose();
                continue;
            }
            if (attempt < Attempts && call.Repeatable && IsPassing(response, broken))
            {
                response?.Dispose();
                await Task.Delay(Pause(attempt), time, cancellationToken);
                continue;
            }
            return response ?? throw new ContactCenterException(FailureKind.ReplyLost, $"The connection broke before the answer came: {broken!.Message}", broken);
        }
    }

    static bool IsPassing(HttpResponseMessage? response, Exception? broken) =>
        broken is not null || response!.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // Full jitter below a doubling bound: callers that failed together do not come back together.
    TimeSpan Pause(int attempt) => TimeSpan.FromMilliseconds(random.Next(50, 250 << attempt));
}
