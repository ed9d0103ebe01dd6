using System.Text.RegularExpressions;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Core.Briefings;

/// <summary>
/// What the agent reads before the first word: why the conversation was handed over, what the customer wants, what was said last.
/// Written as attributes of the customer's participant, which survive every transfer; keys and sizes fit what an agent script can show.
/// </summary>
public static partial class Briefing
{
    /// <summary>All keys begin with it, so that an agent script finds them and nothing of the bot's is overwritten.</summary>
    public const string Prefix = "baton.";

    /// <summary>The guide's own words (003), which agents and reports may know.</summary>
    public const string NoHistory = "No prior conversation history available.";
    public const string HistoryNotRead = "The chat history could not be read.";
    const string WelcomePrefix = "Agent, the guest requires assistance. Chat history follows:\n";
    const int MostWelcome = 8000;
    const int MostTranscript = 2000;
    const int MostTurns = 12;

    public static IReadOnlyDictionary<string, string> Write(Handoff handoff, Conversation? conversation)
    {
        var briefing = new Dictionary<string, string>
        {
            [Prefix + "handoffId"] = handoff.Id.ToString(),
            [Prefix + "reason"] = handoff.Origin.Reasons is [var first, ..] ? first.Sentence : $"Requested by {handoff.Origin.By}.",
            [Prefix + "reasonCodes"] = string.Join(',', handoff.Origin.Reasons.Select(r => r.Code)),
        };
        if (handoff.Origin.Policy is { } policy) briefing[Prefix + "policy"] = $"{policy.Name} {policy.Version} {policy.Hash}";
        if (handoff.Welcome is { } welcome) briefing[Prefix + "guestHistory"] = Clip(welcome, MostTranscript);
        if (conversation is null) return briefing;
        if (conversation.Turns.LastOrDefault(t => t.Intent is not null)?.Intent is { } intent)
            briefing[Prefix + "intent"] = intent.Confidence is { } confidence ? $"{intent.Name} ({confidence:0.00})" : intent.Name;
        if (conversation.Turns.LastOrDefault(t => t.From == Speaker.Customer) is { } last) briefing[Prefix + "lastCustomerMessage"] = Clip(Redact(last.Text, handoff.Plan.Redact), 500);
        if (conversation.Turns.Count > 0) briefing[Prefix + "transcript"] = Tail(conversation.Turns, handoff.Plan.Redact);
        return briefing;
    }

    /// <summary>What a guest and the bot wrote, in the guide's form (003). What does not fit is left out from the beginning, and that is said.</summary>
    public static string Welcome(IReadOnlyList<GuestLine> history, Redactions redact)
    {
        if (history.Count == 0) return NoHistory;
        var newest = Newest([.. history.Select(line => Line(line.From, Redact(line.Text, redact), MostTranscript))], MostWelcome);
        var left = history.Count - newest.Count;
        return $"{WelcomePrefix}{(left == 0 ? "" : $"({left} earlier {(left == 1 ? "line is" : "lines are")} left out)\n")}{string.Join('\n', newest)}";
    }

    static string Tail(IReadOnlyList<Turn> turns, Redactions redact) =>
        string.Join('\n', Newest([.. turns.TakeLast(MostTurns).Select(t => Line(t.From.ToString().ToLowerInvariant(), Redact(t.Text, redact), 400))], MostTranscript));

    // A line break in a text would let a customer write a line in somebody else's name.
    static string Line(string from, string text, int most) => $"[{OneLine(from)}] {Clip(OneLine(text), most)}";

    static string OneLine(string text) => text.ReplaceLineEndings(" ");

    // The newest that fit, oldest first.
    static IReadOnlyCollection<string> Newest(IReadOnlyList<string> lines, int most)
    {
        var kept = new Stack<string>();
        var length = 0;
        for (var i = lines.Count - 1; i >= 0 && length + lines[i].Length + 1 <= most; i--)
        {
            length += lines[i].Length + 1;
            kept.Push(lines[i]);
        }
        return kept;
    }

    /// <summary>Card numbers, e-mail addresses and phone numbers do not belong in an attribute that every report shows.</summary>
    public static string Redact(string text, Redactions redact = Redactions.All)
    {
        if (redact.HasFlag(Redactions.Email)) text = Email().Replace(text, "[email]");
        return (redact & (Redactions.Card | Redactions.Phone)) == Redactions.None ? text : Digits().Replace(text, m => m.Value.Count(char.IsDigit) switch
        {
            >= 13 and <= 19 => redact.HasFlag(Redactions.Card) ? "[card]" : m.Value,
            >= 9 => redact.HasFlag(Redactions.Phone) ? "[phone]" : m.Value,
            _ => m.Value,
        });
    }

    // Half of a surrogate pair would be no character at all.
    static string Clip(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1), "…");

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(\.[\w-]+)+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Email();

    [GeneratedRegex(@"\+?\d[\d ()./-]{6,}\d", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Digits();
}
