using Baton.Core.Conversations;

namespace Baton.Core.Readings;

/// <summary>How surely the customer asked for a human: the surer of the customer's last two turns, so that a "thanks" right after the wish does not undo it.</summary>
sealed class HumanRequests
{
    /// <summary>"Yes please" after the bot offered a human.</summary>
    const double AcceptedOffer = 0.9;

    Said? last, beforeLast;
    bool offered;
    int turn;

    public void Hear(HeardTurn heard)
    {
        turn++;
        if (heard.Turn.From == Speaker.Customer)
        {
            var score = offered && heard.SaysYes ? Math.Max(heard.AsksForHuman, AcceptedOffer) : heard.AsksForHuman;
            (beforeLast, last) = (last, new Said(score, turn, "customer", heard.Turn.At));
            offered = false;
        }
        else if (heard.Turn.From == Speaker.Bot)
        {
            offered = heard.OffersHuman;
        }
        if (heard.Turn.Result == BotResult.AgentRequested)
            last = new Said(1, turn, heard.Turn.From == Speaker.Customer ? "the bot's result at customer" : "the bot's result at bot", heard.Turn.At);
    }

    public Reading Read(DateTimeOffset now)
    {
        if (last is not { } newest) return new Reading(ReadingKind.AskedForHuman, null, "no customer turn yet", now);
        var surest = beforeLast is { } older && older.Score > newest.Score ? older : newest;
        return new Reading(ReadingKind.AskedForHuman, surest.Score, $"{surest.Who} turn {surest.Turn}", surest.At);
    }

    readonly record struct Said(double Score, int Turn, string Who, DateTimeOffset At);
}
