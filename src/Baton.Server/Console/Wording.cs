using System.Text.RegularExpressions;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Server.Console;

/// <summary>How values read to a person.</summary>
public static partial class Wording
{
    public static string Of(HandoffState state) => state switch
    {
        HandoffState.Requested => "Requested",
        HandoffState.Transferring => "Being transferred",
        HandoffState.Queued => "Waiting",
        HandoffState.WithAgent => "With an agent",
        HandoffState.Refused => "Refused",
        HandoffState.Abandoned => "Customer left",
        HandoffState.ReturnedToBot => "Stayed with the bot",
        HandoffState.Failed => "Failed",
        HandoffState.Canceled => "Called off",
        HandoffState.Completed => "Completed",
        _ => Words(state.ToString()),
    };

    /// <summary>The class that colors it: what is well, what goes on, what needs a look, what is over without harm.</summary>
    public static string ToneOf(HandoffState state) => state switch
    {
        HandoffState.WithAgent or HandoffState.Completed => "good",
        HandoffState.Requested or HandoffState.Transferring or HandoffState.Queued => "going",
        HandoffState.Failed => "bad",
        HandoffState.Abandoned or HandoffState.ReturnedToBot => "warn",
        _ => "over",
    };

    public static string Of(DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.HandOff => "Hand off",
        DecisionOutcome.Refused => "Wanted a handoff, refused",
        _ => "Stay with the bot",
    };

    public static string Of(Media media) => media == Media.Voice ? "Call" : "Message";

    /// <summary>"askedForHuman" is "asked for human"; "guards.outOfHours" is "out of hours".</summary>
    public static string Words(string code)
    {
        var last = code[(code.LastIndexOf('.') + 1)..];
        return Humps().Replace(last, m => $" {m.Value.ToLowerInvariant()}").Trim().ToLowerInvariant();
    }

    public static string Sentence(string code) => Words(code) is { Length: > 0 } words ? char.ToUpperInvariant(words[0]) + words[1..] : code;

    /// <summary>A kind of audit entry: "handoff.customerTold" is "Handoff: customer told".</summary>
    public static string Kind(string kind) => kind.IndexOf('.') is > 0 and var dot ? $"{Sentence(kind[..dot])}: {Words(kind[(dot + 1)..])}" : Sentence(kind);

    /// <summary>"45 s", "3 min 05 s", "2 h 10 min", "3 d 4 h".</summary>
    public static string Of(TimeSpan span)
    {
        if (span < TimeSpan.Zero) span = TimeSpan.Zero;
        return span switch
        {
            { TotalSeconds: < 10 } => $"{span.TotalSeconds:0.0} s",
            { TotalMinutes: < 1 } => $"{Math.Floor(span.TotalSeconds):0} s",
            { TotalHours: < 1 } => $"{span.Minutes} min {span.Seconds:00} s",
            { TotalDays: < 1 } => $"{span.Hours} h {span.Minutes:00} min",
            _ => $"{(int)span.TotalDays} d {span.Hours} h",
        };
    }

    public static string Count(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>An id where nothing better is known: enough of its end to tell two apart. Ids of one minute begin alike.</summary>
    public static string Short(string id) => id.Length <= 10 ? id : $"…{id[^8..]}";

    /// <summary>A path of the platform's API without what all have in common, its ids shortened.</summary>
    public static string PathOf(string path)
    {
        const string Common = "/api/v2/";
        var start = path.IndexOf(Common, StringComparison.Ordinal);
        return string.Join('/', (start < 0 ? path : path[(start + Common.Length)..]).Split('/').Select(part => part.Length >= 20 && part.Any(char.IsAsciiDigit) ? Short(part) : part));
    }

    /// <summary>Why it was handed off, in a few words.</summary>
    public static string Why(HandoffOrigin origin) => origin.Reasons switch
    {
        [] => $"Requested by {origin.By}",
        [{ Code: "requested" }, ..] => $"Requested by {origin.By}",
        [var first] => Sentence(first.Code),
        [var first, ..] => $"{Sentence(first.Code)}, {Words(origin.Reasons[1].Code)}",
    };

    /// <summary>Why, as the sentence that decided.</summary>
    public static string WhySentence(HandoffOrigin origin) => origin.Reasons is [var first, ..] ? first.Sentence : $"Requested by {origin.By}.";

    public static string QueueOf(Handoff handoff) => handoff.QueueName ?? handoff.CurrentStep.Queue;

    /// <summary>Who has it; an agent whose name the platform did not tell is one all the same.</summary>
    public static string? AgentOf(Handoff handoff) => handoff.AgentName ?? (handoff.AgentId is null ? null : $"Agent {Short(handoff.AgentId)}");

    [GeneratedRegex("[A-Z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Humps();
}
