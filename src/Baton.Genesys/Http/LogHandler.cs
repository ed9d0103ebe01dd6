using Microsoft.Extensions.Logging;

namespace Baton.Genesys.Http;

/// <summary>One line a call, with the correlation id the vendor's support asks for. No body and no token is ever logged.</summary>
sealed partial class LogHandler(ILogger log, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (log.IsEnabled(LogLevel.Debug)) Called(log, request.Method.Method, request.RequestUri!.AbsolutePath, (int)response.StatusCode, time.GetElapsedTime(began).TotalMilliseconds, GenesysFault.CorrelationId(response));
            return response;
        }
        catch (Exception) when (request is GenesysRequest { GivenUp.IsCancellationRequested: true })
        {
            GivenUp(log, request.Method.Method, request.RequestUri!.AbsolutePath, time.GetElapsedTime(began).TotalMilliseconds);
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            Broke(log, request.Method.Method, request.RequestUri!.AbsolutePath, time.GetElapsedTime(began).TotalMilliseconds, e.Message);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Method} {Path} answered {Status} in {Milliseconds:0} ms, correlation {CorrelationId}")]
    static partial void Called(ILogger log, string method, string path, int status, double milliseconds, string? correlationId);

    [LoggerMessage(LogLevel.Debug, "{Method} {Path} was given up after {Milliseconds:0} ms: nobody waits for it any more")]
    static partial void GivenUp(ILogger log, string method, string path, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} broke after {Milliseconds:0} ms: {Why}")]
    static partial void Broke(ILogger log, string method, string path, double milliseconds, string why);
}
