using Baton.Core.Conversations;

namespace Baton.Core.Readings;

/// <summary>
/// How often in a row the bot has not understood. The bot's own result counts; without one its words do ("could you rephrase that?").
/// One exchange (a customer turn and what the bot makes of it) counts once, though both turns may carry the result; silence (no input) counts each time.
/// </summary>
sealed class NoMatches
{
    int inARow, before;
    bool settled, botHeard;
    DateTimeOffset at;

    public void Hear(HeardTurn heard)
    {
        if (heard.Turn.From is not (Speaker.Customer or Speaker.Bot)) return;
        var isBot = heard.Turn.From == Speaker.Bot;
        if (!isBot) (settled, before) = (false, inARow);
        if (heard.Turn.Result is not null || isBot) (botHeard, at) = (true, heard.Turn.At);

        switch (heard.Turn.Result)
        {
            case BotResult.NoInput:
                Settle(inARow + 1);
                before = inARow;
                break;
            case BotResult.NoMatch when !settled:
                Settle(before + 1);
                break;
            case BotResult.Understood or BotResult.AgentRequested:
                Settle(0);
                break;
            case null when isBot && !settled:
                if (heard.SaysNotUnderstood) Settle(before + 1);
                else inARow = 0;
                break;
        }
    }

    void Settle(int count) => (inARow, settled) = (count, true);

    public Reading Read(DateTimeOffset now) => botHeard
        ? new Reading(ReadingKind.NoMatch, inARow, "the bot's results and words", at)
        : new Reading(ReadingKind.NoMatch, null, "the bot has not answered yet", now);
}
