using System.Net;
using Baton.Genesys.Http;

namespace Baton.Tests.Genesys;

public sealed class RetryAfterTests
{
    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("1", 1.0)]
    [InlineData("180", 180.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("Mon, 02 Mar 2026 10:00:42 GMT", 42.0)]
    [InlineData("Mon, 02 Mar 2026 09:00:00 GMT", 0.0)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("99999999999999", null)]
    public void It_is_read_as_seconds_or_a_date_and_never_as_the_past(string header, double? seconds)
    {
        using var response = The.Answer(HttpStatusCode.TooManyRequests, "", ("Retry-After", header));
        RetryAfter.Read(response, The.Start).ShouldBe(seconds is { } s ? The.Start.AddSeconds(s) : null);
    }

    [Fact]
    public void Absent_it_says_nothing()
    {
        using var response = The.Answer(HttpStatusCode.TooManyRequests);
        RetryAfter.Read(response, The.Start).ShouldBeNull();
    }
}
