using Baton.Core;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys.Http;

/// <summary>One line a call, and a note for whom it is made, with the correlation id the vendor's support asks for. No body and no token is ever logged.</summary>
sealed partial class LogHandler(ILogger log, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (began, at) = (time.GetTimestamp(), time.GetUtcNow());
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            Note(request, at, began, (int)response.StatusCode, GenesysFault.CorrelationId(response));
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
            Note(request, at, began, null, null);
            Broke(log, request.Method.Method, request.RequestUri!.AbsolutePath, time.GetElapsedTime(began).TotalMilliseconds, e.Message);
            throw;
        }
    }

    void Note(HttpRequestMessage request, DateTimeOffset at, long began, int? status, string? correlationId) =>
        (request as GenesysRequest)?.Notes?.Add(new VendorCall(at, request.Method.Method, request.RequestUri!.AbsolutePath, status, (int)time.GetElapsedTime(began).TotalMilliseconds, correlationId));

    [LoggerMessage(LogLevel.Debug, "{Method} {Path} answered {Status} in {Milliseconds:0} ms, correlation {CorrelationId}")]
    static partial void Called(ILogger log, string method, string path, int status, double milliseconds, string? correlationId);

    [LoggerMessage(LogLevel.Debug, "{Method} {Path} was given up after {Milliseconds:0} ms: nobody waits for it any more")]
    static partial void GivenUp(ILogger log, string method, string path, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} broke after {Milliseconds:0} ms: {Why}")]
    static partial void Broke(ILogger log, string method, string path, double milliseconds, string why);
}
