using Baton.Core.Conversations;

namespace Baton.Tests.Conversations;

/// <summary>A conversation in the making, a turn every ten seconds.</summary>
sealed class Talk
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    readonly List<Turn> turns = [];

    public IReadOnlyList<Turn> Turns => turns;
    public DateTimeOffset Now => turns.Count == 0 ? Start : turns[^1].At;
    public Conversation Conversation => Conversation.Of("c1", turns) with { StartedAt = Start };

    public Talk Customer(string text, double? sentiment = null) => Say(Speaker.Customer, text, turn => turn with { Sentiment = sentiment });

    public Talk Bot(string text, double? confidence = null, BotResult? result = null, string intent = "order") =>
        Say(Speaker.Bot, text, turn => turn with { Intent = confidence is null ? null : new Intent(intent, confidence), Result = result });

    Talk Say(Speaker from, string text, Func<Turn, Turn> with)
    {
        turns.Add(with(new Turn($"t{turns.Count + 1}", from, text, Start.AddSeconds(10 * turns.Count))));
        return this;
    }
}
