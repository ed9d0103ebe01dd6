using System.Globalization;

namespace Baton.Core.Policies;

/// <summary>The key <c>hours</c>.</summary>
static class HoursSection
{
    static readonly string[] days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    static readonly IReadOnlyList<OpenRange> closed = [];

    public static BusinessHours? Read(PolicyReader reader, YamlNode node, List<FeatureUse> uses)
    {
        var keys = reader.Keys(node, "hours", ["timeZone", "open", "holidays", "outOfHours"]);
        if (keys.Count == 0) return null;
        var zone = keys.TryGetValue("timeZone", out var name) ? Zone(reader, name) : null;
        if (name is null) reader.Fault(node, "hours.timeZone", "hours.timeZone is missing; give an IANA name such as Europe/Berlin");
        var week = keys.TryGetValue("open", out var open) ? Week(reader, open) : null;
        if (open is null) reader.Fault(node, "hours.open", "hours.open is missing; give days and times, such as mon-fri: 09:00-18:00");
        var holidays = keys.TryGetValue("holidays", out var list) ? Holidays(reader, list) : [];
        var outOfHours = keys.TryGetValue("outOfHours", out var elsewhere)
            ? RoutingSection.Step(reader, elsewhere, reader.Keys(elsewhere, "hours.outOfHours", ["queue", "skills", "language", "priority", "maxWait"]), "hours.outOfHours", uses)
            : null;
        return zone is null || week is null ? null : new BusinessHours { TimeZone = zone, Week = week, Holidays = holidays, OutOfHours = outOfHours };
    }

    static TimeZoneInfo? Zone(PolicyReader reader, YamlNode node)
    {
        if (reader.Text(node, "hours.timeZone") is not { } name) return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        reader.Fault(node, "hours.timeZone", $"hours.timeZone is \"{name}\", which this machine does not know; allowed is an IANA name such as Europe/Berlin, America/New_York or UTC");
        return null;
    }

    static IReadOnlyList<OpenRange>[] Week(PolicyReader reader, YamlNode node)
    {
        var week = new IReadOnlyList<OpenRange>?[7];
        foreach (var (key, value) in reader.Keys(node, "hours.open", allowed: null))
        {
            var path = $"hours.open.{key}";
            var ranges = Ranges(reader, value, path);
            if (DaysOf(key) is not { } named)
            {
                reader.Fault(value, path, $"{path} is no day; allowed is a day ({Show.List(days)}) or a span such as mon-fri");
                continue;
            }
            foreach (var day in named)
            {
                if (week[day] is not null) reader.Fault(value, path, $"{path} gives {days[day]} a second time");
                week[day] = ranges;
            }
        }
        return [.. week.Select(day => day ?? closed)];
    }

    static List<int>? DaysOf(string key)
    {
        var ends = key.ToLowerInvariant().Split('-');
        var (first, last) = (Array.IndexOf(days, ends[0].Trim()), Array.IndexOf(days, ends[^1].Trim()));
        if (first < 0 || last < 0 || ends.Length > 2) return null;
        var span = new List<int> { first };
        for (var day = first; day != last;) span.Add(day = (day + 1) % 7);
        return span;
    }

    static Dictionary<DateOnly, IReadOnlyList<OpenRange>> Holidays(PolicyReader reader, YamlNode node)
    {
        var holidays = new Dictionary<DateOnly, IReadOnlyList<OpenRange>>();
        if (node.Kind != YamlKind.List && !node.IsEmpty) reader.Fault(node, "hours.holidays", $"hours.holidays is {node.Shown}; allowed is a list of dates, such as 2026-12-25 (closed) or 2026-12-24: 09:00-12:00");
        foreach (var (item, index) in node.Items.Select((item, index) => (item, index)))
        {
            var path = $"hours.holidays[{index}]";
            var (date, ranges) = item.Kind == YamlKind.Map && item.Entries.Count == 1
                ? (item.Entries[0].Key, Ranges(reader, item.Entries[0].Value, path))
                : (item, closed);
            if (!DateOnly.TryParseExact(date.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                reader.Fault(item, path, $"{path} is {date.Shown}; allowed is a date as 2026-12-25, or 2026-12-24: 09:00-12:00 for other hours");
            else if (!holidays.TryAdd(day, ranges))
                reader.Fault(item, path, $"{path} is {date.Text}, which is given twice");
        }
        return holidays;
    }

    static IReadOnlyList<OpenRange> Ranges(PolicyReader reader, YamlNode node, string path)
    {
        if (node is { Kind: YamlKind.Scalar, Text: "closed" }) return closed;
        var ranges = new List<OpenRange>();
        foreach (var text in reader.Texts(node, path))
        {
            if (Range(text) is { } range) ranges.Add(range);
            else reader.Fault(node, path, $"{path} is \"{text}\"; allowed is closed, or times such as 09:00-18:00 (a list for several)");
        }
        return ranges;
    }

    static OpenRange? Range(string text)
    {
        var ends = text.Split('-');
        if (ends.Length != 2 || Minute(ends[0]) is not { } from || Minute(ends[1]) is not { } to || from == to || from == OpenRange.Day) return null;
        return new OpenRange(from, to > from ? to : to + OpenRange.Day);
    }

    static int? Minute(string text)
    {
        if (text.Trim() == "24:00") return OpenRange.Day;
        return TimeOnly.TryParseExact(text.Trim(), ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute : null;
    }
}
