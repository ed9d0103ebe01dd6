namespace Baton.Core.Policies;

/// <summary>When agents work, on the wall clock of their time zone; holidays come before weekdays.</summary>
public sealed record BusinessHours
{
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>By weekday, Sunday first as <see cref="DayOfWeek"/> counts; an empty list is a closed day.</summary>
    public required IReadOnlyList<IReadOnlyList<OpenRange>> Week { get; init; }
    public IReadOnlyDictionary<DateOnly, IReadOnlyList<OpenRange>> Holidays { get; init; } = new Dictionary<DateOnly, IReadOnlyList<OpenRange>>();

    /// <summary>Where handoffs go outside these hours; null: they are refused.</summary>
    public RouteStep? OutOfHours { get; init; }

    /// <summary>
    /// Asked of an instant, not of a local time, so a change of the clocks needs no rule of its own: the hour that does not exist never comes,
    /// the hour that comes twice is open twice.
    /// </summary>
    public bool IsOpen(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, TimeZone);
        var minute = (local.Hour * 60) + local.Minute;
        return Covers(Ranges(local.Date), minute) || Covers(Ranges(local.Date.AddDays(-1)), minute + OpenRange.Day);
    }

    IReadOnlyList<OpenRange> Ranges(DateTime date) => Holidays.TryGetValue(DateOnly.FromDateTime(date), out var holiday) ? holiday : Week[(int)date.DayOfWeek];

    static bool Covers(IReadOnlyList<OpenRange> ranges, int minute)
    {
        for (var index = 0; index < ranges.Count; index++)
            if (minute >= ranges[index].From && minute < ranges[index].To) return true;
        return false;
    }
}

/// <summary>Minutes of the day, the end not included; a range over midnight (<c>22:00-02:00</c>) ends beyond 24 hours.</summary>
public sealed record OpenRange(int From, int To)
{
    internal const int Day = 24 * 60;

    public override string ToString() => $"{Clock(From)}-{Clock(To > Day ? To - Day : To)}";

    static string Clock(int minute) => $"{minute / 60:00}:{minute % 60:00}";
}
