using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Baton.Server.Api;

/// <summary>How much one key, or one person who signed in without one, may ask. Callers without a key of their own are not counted: health, callbacks, the vendor's event bus, and a server that runs open on loopback.</summary>
static class RequestLimits
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static void Set(RateLimiterOptions options, int perMinute)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Caller.Of(context) is { } caller && (caller.KeyId ?? caller.SessionId) is { } key
            ? RateLimitPartition.GetTokenBucketLimiter(key, _ => Bucket(perMinute))
            : RateLimitPartition.GetNoLimiter(""));
        options.OnRejected = async (rejected, ct) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : Second;
            rejected.HttpContext.Response.Headers.RetryAfter = $"{Math.Max(1, Math.Ceiling(wait.TotalSeconds)):0}";
            await Problems.OfStatus(StatusCodes.Status429TooManyRequests).ExecuteAsync(rejected.HttpContext);
        };
    }

    // Small limits come back one at a time, large ones every second.
    static TokenBucketRateLimiterOptions Bucket(int perMinute)
    {
        var perSecond = perMinute / 60;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = Math.Max(1, perSecond),
            ReplenishmentPeriod = perSecond >= 1 ? Second : Minute / perMinute,
            QueueLimit = 0,
        };
    }
}
