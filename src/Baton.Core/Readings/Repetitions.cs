using Baton.Core.Conversations;

namespace Baton.Core.Readings;

/// <summary>How often in a row one side has said nearly the same again; the side that is worse counts.</summary>
sealed class Repetitions
{
    const double Same = 0.8;

    /// <summary>How far back a side's turns are compared: a loop over two or three prompts is still a loop.</summary>
    const int Reach = 3;

    readonly Side customer = new(), bot = new();
    DateTimeOffset at;

    public void Hear(HeardTurn heard)
    {
        if (heard.Turn.From is not (Speaker.Customer or Speaker.Bot) || !heard.Words.SaysSomething) return;
        (heard.Turn.From == Speaker.Customer ? customer : bot).Hear(heard.Words);
        at = heard.Turn.At;
    }

    public Reading Read(DateTimeOffset now)
    {
        if (!customer.HasSpoken && !bot.HasSpoken) return new Reading(ReadingKind.Repetition, null, "nothing was said yet that could be said again", now);
        return customer.Run >= bot.Run
            ? new Reading(ReadingKind.Repetition, customer.Run, "the customer's words", at)
            : new Reading(ReadingKind.Repetition, bot.Run, "the bot's words", at);
    }

    sealed class Side
    {
        readonly WordSet[] recent = new WordSet[Reach];
        int spoken;

        public int Run { get; private set; }
        public bool HasSpoken => spoken > 0;

        public void Hear(WordSet words)
        {
            var again = false;
            foreach (var earlier in recent) again |= earlier.SimilarityTo(words) >= Same;
            Run = again ? Run + 1 : 0;
            recent[spoken++ % Reach] = words;
        }
    }
}
