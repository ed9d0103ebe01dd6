using Baton.Core.Conversations;

namespace Baton.Genesys.Platform;

/// <summary>Finds for each of the bot's reporting turns the customer's message it is about, and puts intent and result on it.</summary>
static class BotTurns
{
    static readonly TimeSpan Near = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<Turn> Attach(IReadOnlyList<Turn> turns, IReadOnlyList<WireBotTurn> reported)
    {
        var result = turns.ToArray();
        var taken = new HashSet<int>();
        foreach (var report in reported.OrderBy(r => r.DateCreated))
        {
            var at = Enumerable.Range(0, result.Length)
                .Where(i => result[i].From == Speaker.Customer && !taken.Contains(i) && Matches(result[i], report))
                .OrderBy(i => Distance(result[i], report)).Cast<int?>().FirstOrDefault();
            if (at is not { } index) continue;
            taken.Add(index);
            result[index] = result[index] with { Intent = IntentOf(report), Result = ResultOf(report.AskActionResult) };
        }
        return result;
    }

    static bool Matches(Turn turn, WireBotTurn report) =>
        report.UserInput is { Length: > 0 } input
            ? string.Equals(turn.Text.Trim(), input.Trim(), StringComparison.OrdinalIgnoreCase)
            : report.DateCreated is not null && Distance(turn, report) < Near;

    static TimeSpan Distance(Turn turn, WireBotTurn report) => report.DateCreated is { } at ? (at - turn.At).Duration() : TimeSpan.Zero;

    static Intent? IntentOf(WireBotTurn report) => report.Intent is { Name.Length: > 0 } intent ? new Intent(intent.Name, intent.Confidence is { } c ? Math.Clamp(c, 0, 1) : null) : null;

    /// <summary>The platform's askActionResult; a value not known here says nothing.</summary>
    public static BotResult? ResultOf(string? result) => result switch
    {
        null => null,
        "AgentRequestedByUser" => BotResult.AgentRequested,
        "Error" or "ExpressionError" => BotResult.Error,
        _ when result.StartsWith("NoMatch", StringComparison.Ordinal) => BotResult.NoMatch,
        _ when result.StartsWith("NoInput", StringComparison.Ordinal) => BotResult.NoInput,
        _ when result.StartsWith("Success", StringComparison.Ordinal) || result is "PartialCollection" or "ConfirmationRequired" => BotResult.Understood,
        _ => null,
    };
}
