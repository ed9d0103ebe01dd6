using Baton.Core.Policies;
using Shouldly;
using Xunit;

namespace Baton.Tests.Policies;

public sealed class BusinessHoursTests
{
    static readonly BusinessHours berlin = PolicyDocument.Parse("""
        name: x
        extends: default
        hours:
          timeZone: Europe/Berlin
          open:
            mon-fri: [09:00-12:00, 13:00-18:00]
            sat: 22:00-02:00
            sun: 02:00-03:30
          holidays:
            - 2026-12-25
            - 2026-12-24: 09:00-11:00
        """, "p").Policy!.Hours!;

    [Theory]
    [InlineData("2026-03-02T07:59:59Z", false)] // 08:59:59 in Berlin
    [InlineData("2026-03-02T08:00:00Z", true)]
    [InlineData("2026-03-02T11:30:00Z", false)] // lunch
    [InlineData("2026-03-02T17:00:00Z", false)] // 18:00: the end is not open
    [InlineData("2026-07-06T07:00:00Z", true)]  // 09:00 in summer
    [InlineData("2026-07-06T16:30:00Z", false)] // 18:30 in summer, 17:30 in winter
    [InlineData("2026-03-08T00:59:00Z", true)]  // Saturday's hours end at Sunday 02:00
    [InlineData("2026-03-02T22:00:00+14:00", true)] // an instant, wherever its clock stands: 09:00 in Berlin
    public void Open_follows_the_wall_clock(string instant, bool open) => berlin.IsOpen(DateTimeOffset.Parse(instant)).ShouldBe(open);

    [Theory]
    [InlineData("2026-03-29T00:59:00Z", true)]  // 01:59, Saturday's night; the clock jumps from 02:00 to 03:00
    [InlineData("2026-03-29T01:00:00Z", true)]  // 03:00, inside 02:00-03:30
    [InlineData("2026-03-29T01:30:00Z", false)] // 03:30
    [InlineData("2026-10-25T00:30:00Z", true)]  // 02:30 for the first time
    [InlineData("2026-10-25T01:30:00Z", true)]  // 02:30 for the second time
    [InlineData("2026-10-25T02:30:00Z", false)] // 03:30
    public void Open_on_the_days_the_clocks_change(string instant, bool open) => berlin.IsOpen(DateTimeOffset.Parse(instant)).ShouldBe(open);

    [Theory]
    [InlineData("2026-12-25T10:00:00Z", false)]
    [InlineData("2026-12-24T09:30:00Z", true)]
    [InlineData("2026-12-24T10:30:00Z", false)]
    [InlineData("2026-12-24T23:30:00Z", false)] // already the 25th in Berlin
    [InlineData("2026-12-23T10:00:00Z", true)]
    public void Holidays_come_before_weekdays(string instant, bool open) => berlin.IsOpen(DateTimeOffset.Parse(instant)).ShouldBe(open);
}
