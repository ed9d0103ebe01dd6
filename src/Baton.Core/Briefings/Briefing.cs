using System.Text;
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
        if (conversation is null) return briefing;
        if (conversation.Turns.LastOrDefault(t => t.Intent is not null)?.Intent is { } intent)
            briefing[Prefix + "intent"] = intent.Confidence is { } confidence ? $"{intent.Name} ({confidence:0.00})" : intent.Name;
        if (conversation.Turns.LastOrDefault(t => t.From == Speaker.Customer) is { } last) briefing[Prefix + "lastCustomerMessage"] = Clip(Redact(last.Text), 500);
        if (conversation.Turns.Count > 0) briefing[Prefix + "transcript"] = Tail(conversation.Turns);
        return briefing;
    }

    // The newest turns that fit, oldest first.
    static string Tail(IReadOnlyList<Turn> turns)
    {
        var lines = new Stack<string>();
        var length = 0;
        for (var i = turns.Count - 1; i >= 0 && lines.Count < MostTurns; i--)
        {
            var line = $"[{turns[i].From.ToString().ToLowerInvariant()}] {Clip(Redact(turns[i].Text.ReplaceLineEndings(" ")), 400)}";
            if (length + line.Length + 1 > MostTranscript) break;
            length += line.Length + 1;
            lines.Push(line);
        }
        return string.Join('\n', lines);
    }

    /// <summary>Card numbers, e-mail addresses and phone numbers do not belong in an attribute that every report shows.</summary>
    public static string Redact(string text)
    {
        var result = new StringBuilder(Email().Replace(text, "[email]"));
        return Digits().Replace(result.ToString(), m => m.Value.Count(char.IsDigit) switch
        {
            >= 13 and <= 19 => "[card]",
            >= 9 => "[phone]",
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
