using Baton.Core.Conversations;
using Baton.Tests.Conversations;

namespace Baton.Tests.Readings;

static class Some
{
    static readonly string[] sayings =
    [
        "Where is my parcel?", "I want to speak to a human", "yes please", "This is ridiculous!!!", "thanks, great help", "ok", "", "My order number is 4711",
        "Sorry, I did not understand that.", "Shall I connect you to an agent?", "where is my parcel", "I am so disappointed, still not working", "Could you rephrase that?",
    ];

    /// <summary>Turns at distinct instants, with all that can be measured, in the order of time.</summary>
    public static IReadOnlyList<Turn> Transcript(Random random, int length) =>
    [
        .. Enumerable.Range(0, length).Select(index => new Turn($"t{index}", (Speaker)random.Next(3), sayings[random.Next(sayings.Length)], Talk.Start.AddSeconds(index))
        {
            Sentiment = random.Next(4) == 0 ? (random.NextDouble() * 2) - 1 : null,
            Intent = random.Next(3) == 0 ? new Intent($"intent{random.Next(3)}", random.Next(5) == 0 ? null : random.NextDouble()) : null,
            Result = random.Next(4) == 0 ? (BotResult)random.Next(5) : null,
        }),
    ];
}
