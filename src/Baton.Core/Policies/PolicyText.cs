using System.Buffers;
using System.Text.Json;
using Baton.Core.Briefings;

namespace Baton.Core.Policies;

/// <summary>A policy's rules as canonical JSON: fixed order, defaults written out, no layout.</summary>
static class PolicyText
{
    public static byte[] Canonical(PolicyParts policy)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", policy.Name);
            json.WriteString("version", policy.Version);
            json.WriteString("mode", policy.Mode.ToString());
            Array(json, "guards", policy.Guards, Write);
            Array(json, "triggers", policy.Triggers, Write);
            Array(json, "routing", policy.Routing, Write);
            Array(json, "fallback", policy.Fallback, Write);
            json.WriteString("lastResort", policy.LastResort.ToString());
            if (policy.Hours is { } hours) Write(json, hours);
            json.WriteString("transferring", policy.Messages.Transferring);
            json.WriteString("stillLooking", policy.Messages.StillLooking);
            json.WriteString("nobodyCame", policy.Messages.NobodyCame);
            json.WriteString("notPossible", policy.Messages.NotPossible);
            json.WriteNumber("transferSeconds", policy.Limits.Transfer.TotalSeconds);
            // Said only where it differs, so that policies from before there was a choice keep their hash.
            if (policy.Redact != Redactions.All) json.WriteString("redact", policy.Redact.ToString());
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static void Write(Utf8JsonWriter json, Guard guard)
    {
        json.WriteString("guard", guard.Code);
        json.WriteString("onUnknown", guard.OnUnknown.ToString());
        switch (guard)
        {
            case Guard.OfReading reading: json.WriteString("holds", reading.Threshold.Text); break;
            case Guard.Staff staff: json.WriteString("holds", $"onQueue >= {staff.OnQueue}, free >= {staff.Free}"); break;
        }
    }

    static void Write(Utf8JsonWriter json, Trigger trigger)
    {
        json.WriteString("trigger", trigger.Code);
        switch (trigger)
        {
            case Trigger.OfReading reading:
                json.WriteString("fires", reading.Threshold.Text);
                json.WriteNumber("afterTurns", reading.AfterTurns);
                break;
            case Trigger.OfIntent intents: Strings(json, "names", intents.Names); break;
            case Trigger.OfBotResult results: Strings(json, "results", results.Results.Select(result => result.ToString())); break;
            case Trigger.OfAttribute attribute: Strings(json, "values", attribute.Match.Values); break;
        }
    }

    static void Write(Utf8JsonWriter json, RoutingRule rule)
    {
        Strings(json, "reasons", rule.When.Reasons);
        Strings(json, "intents", rule.When.Intents);
        Strings(json, "languages", rule.When.Languages);
        json.WriteString("media", rule.When.Media?.ToString());
        Array(json, "attributes", rule.When.Attributes, (item, attribute) => Strings(item, attribute.Name, attribute.Values));
        Strings(json, "readings", rule.When.Readings.Select(threshold => $"{threshold.Kind} {threshold.Text}"));
        Write(json, rule.Step);
    }

    static void Write(Utf8JsonWriter json, RouteStep step)
    {
        json.WriteString("queue", step.Queue);
        Strings(json, "skills", step.Skills);
        json.WriteString("language", step.Language);
        json.WriteNumber("priority", step.Priority);
        if (step.MaxWait is { } wait) json.WriteNumber("maxWaitSeconds", wait.TotalSeconds);
    }

    static void Write(Utf8JsonWriter json, BusinessHours hours)
    {
        json.WriteString("timeZone", hours.TimeZone.Id);
        Strings(json, "week", hours.Week.Select(day => string.Join(' ', day)));
        Strings(json, "holidays", hours.Holidays.OrderBy(day => day.Key).Select(day => $"{day.Key:yyyy-MM-dd} {string.Join(' ', day.Value)}"));
        if (hours.OutOfHours is { } step) Array(json, "outOfHours", [step], Write);
    }

    static void Array<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
