using System.Security.Cryptography;
using Baton.Core.Conversations;
using Baton.Core.Policies;
using Baton.Core.Readings;

namespace Baton.Benchmarks.Speed;

/// <summary>How long a decision takes, and whether one more turn costs more the longer a conversation has lasted. Its partner is the hash of four kilobytes: what the processor can do in that minute.</summary>
static class DecideSpeed
{
    static readonly DateTimeOffset Morning = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    static readonly string[] Said = ["My order number is 4711 and it has not come.", "No, I asked about the refund for the blue one.", "That is not what I meant at all, sorry.", "It was paid by card on Monday.", "Can you tell me when it will arrive?"];
    static readonly string[] Answered = ["Let me look that up for you.", "Could you give me the number of your order?", "I see a delivery planned for Thursday.", "Is there anything else about this order?"];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var policy = PolicyPresets.Load("default");
        var block = new byte[4096];
        double Hash() => Rounds.Time(20_000, () => SHA256.HashData(block));
        var figures = new List<Figure>();

        var fifty = Talk(50);
        var readings = ConversationReadings.Of(fifty);
        var now = fifty.Turns[^1].At.AddSeconds(1);
        var (decide, hash) = await Rounds.MediansAsync(9, () => Rounds.Time(20_000, () => policy.Decide(readings, fifty, RoutingSnapshot.Unknown, now)), Hash);
        figures.Add(new Figure("decide, 50 turns heard", decide, "us", "SHA-256 of 4 KB, us", hash, "< 20 us", decide < 20));

        var perTurn = new Dictionary<int, double>();
        foreach (var turns in (int[])[50, 500, 5000])
        {
            (perTurn[turns], hash) = await Rounds.MediansAsync(9, () => OneMore(policy, turns), Hash);
            figures.Add(new Figure($"hear one more turn and decide, after {turns}", perTurn[turns], "us", "SHA-256 of 4 KB, us", hash));
        }
        figures.Add(new Figure("the same, after 5,000 turns beside after 50", perTurn[5000], "us", "after 50, us", perTurn[50], "ratio <= 1.5", perTurn[5000] / perTurn[50] <= 1.5));

        var whole = await Rounds.MediansAsync(9, () => Rounds.Time(200, () => policy.Decide(fifty, RoutingSnapshot.Unknown, now)), Hash);
        figures.Add(new Figure("measure 50 turns from the first and decide", whole.Ours, "us", "SHA-256 of 4 KB, us", whole.Partners));
        return figures;
    }

    /// <summary>A turn is folded into the conversation, measured, and decided on: microseconds, over the hundred after the given number.</summary>
    static double OneMore(Policy policy, int turns)
    {
        const int More = 100;
        var conversation = Talk(turns);
        var readings = ConversationReadings.Of(conversation);
        policy.Decide(readings, conversation, RoutingSnapshot.Unknown, conversation.Turns[^1].At);
        var fresh = Enumerable.Range(turns, More).Select(TurnOf).ToList();
        var next = 0;
        return Rounds.Time(More, () =>
        {
            var turn = fresh[next++];
            conversation = conversation.Hear(turn);
            readings.Hear(turn);
            policy.Decide(readings, conversation, RoutingSnapshot.Unknown, turn.At);
        });
    }

    static Conversation Talk(int turns) => Conversation.Of("c1", Enumerable.Range(0, turns).Select(TurnOf));

    static Turn TurnOf(int n)
    {
        var isCustomer = n % 2 == 0;
        return new Turn($"t{n}", isCustomer ? Speaker.Customer : Speaker.Bot, isCustomer ? Said[n / 2 % Said.Length] : Answered[n / 2 % Answered.Length], Morning.AddSeconds(5 * n))
        {
            Intent = isCustomer ? new Intent("order status", 0.8) : null,
            Result = isCustomer ? null : BotResult.Understood,
        };
    }
}
