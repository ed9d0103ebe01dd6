using System.Text.RegularExpressions;

namespace Baton.Core.Assist;

/// <summary>
/// What a source is asked with. Search asks by what the customer said last, and by what was said before that, which weighs less: "and for the second one?" alone finds nothing.
/// </summary>
public sealed partial class AssistQuery
{
    const int MostTurns = 4;
    const int MostCharacters = 500;

    AssistQuery(IReadOnlyList<string> customerTurns) => CustomerTurns = customerTurns;

    /// <summary>The customer's last turns, newest first; when nobody is named in the transcript, its lines.</summary>
    public IReadOnlyList<string> CustomerTurns { get; }

    /// <summary>One text for sources that take one: the newest turns, in the order they were said.</summary>
    public string Text
    {
        get
        {
            var length = 0;
            var taken = CustomerTurns.TakeWhile(t => (length += t.Length + 1) <= MostCharacters).Reverse().ToList();
            if (taken.Count > 0) return string.Join(' ', taken);
            return CustomerTurns.Count == 0 ? "" : CustomerTurns[0][^Math.Min(MostCharacters, CustomerTurns[0].Length)..];
        }
    }

    /// <summary>Reads a transcript: lines or sentences that begin with <c>Customer:</c>, <c>Guest:</c>, <c>Agent:</c>, <c>Bot:</c>.</summary>
    public static AssistQuery Of(string transcript)
    {
        var starts = Named().Matches(transcript);
        if (starts.Count == 0) return new AssistQuery([.. Lines(transcript).Reverse().Take(MostTurns)]);
        var turns = new List<string>();
        for (var i = 0; i < starts.Count; i++)
        {
            if (!IsCustomer(starts[i].Groups["who"].ValueSpan)) continue;
            var from = starts[i].Index + starts[i].Length;
            var to = i + 1 < starts.Count ? starts[i + 1].Index : transcript.Length;
            var said = transcript[from..to].ReplaceLineEndings(" ").Trim();
            if (said.Length > 0) turns.Add(said);
        }
        turns.Reverse();
        return new AssistQuery(turns.Count > MostTurns ? turns[..MostTurns] : turns);
    }

    static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static bool IsCustomer(ReadOnlySpan<char> who) => who.Equals("customer", StringComparison.OrdinalIgnoreCase) || who.Equals("guest", StringComparison.OrdinalIgnoreCase);

    // The guide writes all turns into one line, so a name counts at the beginning of a line and behind the end of a sentence.
    [GeneratedRegex(@"(?:^|[.!?\n])\s*\[?(?<who>customer|guest|agent|bot|system)\]?:[^\S\n]*", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
