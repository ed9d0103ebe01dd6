namespace Baton.Genesys.Http;

static class RetryAfter
{
    /// <summary>The platform's longest quota is a day's.</summary>
    static readonly TimeSpan Most = TimeSpan.FromDays(1);

    /// <summary>When the platform wants to be called again: seconds or an HTTP date, and never in the past; null when it does not say.</summary>
    public static DateTimeOffset? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Headers.TryGetValues("Retry-After", out var values)) return null;
        var text = values.FirstOrDefault();
        if (double.TryParse(text, out var seconds) && seconds is >= 0 and < 10_000_000) return now + TimeSpan.FromSeconds(Math.Min(seconds, Most.TotalSeconds));
        if (DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var date)) return date <= now ? now : date > now + Most ? now + Most : date;
        return null;
    }
}
