namespace Baton.Core.Assist.Scoring;

/// <summary>
/// Puts the options of recorded conversations in order in several ways and counts how often the one that the agent took comes first. Conversations are taken in the order given; what is learned from one is used only
/// for those after it. Options with equal scores share their places: one of three equals comes first a third of the time, so that no way profits from the order they are stored in.
/// </summary>
public static class OptionTrial
{
    public static OptionTrialReport Run(IReadOnlyList<IReadOnlyList<RecordedTurn>> conversations)
    {
        var scorer = new OptionScorer(conversations.SelectMany(c => c).Select(t => t.Choice).OfType<RecordedChoice>().SelectMany(c => c.Options));
        var memory = new OptionMemory();
        var ways = orders.Select(way => (Way: way, Tally: new Tally())).ToArray();
        int choices = 0, single = 0, missing = 0;
        foreach (var conversation in conversations)
        {
            foreach (var (_, tally) in ways) tally.Begin();
            var learned = new List<(RecordedChoice Choice, string TakenLast, Spoken Customer, Spoken Agent)>();
            var taken = new HashSet<string>(StringComparer.Ordinal);
            var (last, customer, customerBefore, agent, isCustomerLast) = ("", Spoken.None, Spoken.None, Spoken.None, false);
            foreach (var turn in conversation)
            {
                var said = Spoken.Of(turn.Text);
                if (turn.Choice is { } choice)
                {
                    var options = choice.Options.Distinct(StringComparer.Ordinal).ToList();
                    var picked = options.IndexOf(choice.Picked);
                    if (options.Count < 2) single++;
                    else if (picked < 0) missing++;
                    else
                    {
                        choices++;
                        var moment = new OptionMoment(Spoken.Of(choice.Query ?? ""), isCustomerLast ? customer : Spoken.None, isCustomerLast ? customerBefore : customer, agent, taken, last);
                        var parts = options.Select((option, place) => scorer.Of(option, place, moment, memory)).ToList();
                        foreach (var (way, tally) in ways) tally.Add([.. parts.Select(way.Score)], picked);
                    }
                    learned.Add((choice, last, isCustomerLast ? customer : Spoken.None, said));
                    taken.Add(last = choice.Picked);
                }
                if (turn.IsCustomer) (customerBefore, customer) = (customer, said);
                else agent = said;
                isCustomerLast = turn.IsCustomer;
            }
            foreach (var (choice, takenLast, before, answer) in learned) memory.Learn(choice, takenLast, before, answer);
        }
        return new OptionTrialReport(conversations.Count, choices, single, missing, [.. ways.Select(w => new OptionTrialWay(w.Way.Name, w.Way.Text, w.Tally.First, w.Tally.ReciprocalRank))]);
    }

    static readonly (string Name, string Text, Func<OptionParts, double> Score)[] orders =
    [
        ("stored", "as stored", p => p.Place),
        ("chance", "by chance", _ => 0),
        ("conversation", "conversation", p => p.Conversation),
        ("query", "conversation and query", p => p.Conversation + p.Query),
        ("conversationLearned", "conversation, learning", p => p.Conversation + p.ConversationBefore),
        ("queryLearned", "conversation and query, learning", p => p.Conversation + p.Query + p.ConversationBefore + p.QueryBefore),
        ("conversationLearnedStored", "conversation, learning, with the stored order", p => p.Conversation + p.ConversationBefore + p.Place),
        ("queryLearnedStored", "conversation and query, learning, with the stored order", p => p.Conversation + p.Query + p.ConversationBefore + p.QueryBefore + p.Place),
    ];

    sealed class Tally
    {
        readonly List<(int Choices, double First, double Reciprocal)> conversations = [];

        public void Begin() => conversations.Add(default);

        public void Add(double[] scores, int picked)
        {
            // Sums of the same numbers in another order are the same score.
            int better = 0, equal = 0;
            foreach (var score in scores)
            {
                if (Math.Abs(score - scores[picked]) < 1e-9) equal++;
                else if (score > scores[picked]) better++;
            }
            var reciprocal = 0.0;
            for (var place = better + 1; place <= better + equal; place++) reciprocal += 1.0 / place / equal;
            var (choices, first, sum) = conversations[^1];
            conversations[^1] = (choices + 1, first + (better == 0 ? 1.0 / equal : 0), sum + reciprocal);
        }

        public Share First => ShareOf(c => c.First);
        public Share ReciprocalRank => ShareOf(c => c.Reciprocal);

        // Choices of one conversation are alike, so the interval counts conversations, not choices: the normal interval of a ratio over clusters.
        Share ShareOf(Func<(int Choices, double First, double Reciprocal), double> part)
        {
            var all = conversations.Where(c => c.Choices > 0).ToList();
            if (all.Count == 0) return new Share(0, 0, 0);
            var choices = all.Sum(c => c.Choices);
            var mean = all.Sum(part) / choices;
            var variance = all.Count == 1 ? 1 : all.Sum(c => Math.Pow(part(c) - mean * c.Choices, 2)) / choices / choices * all.Count / (all.Count - 1);
            var reach = 1.96 * Math.Sqrt(variance);
            return new Share(mean, Math.Max(0, mean - reach), Math.Min(1, mean + reach));
        }
    }
}

/// <param name="Choices">Of two options and more; these are scored.</param>
/// <param name="Single">Choices that were none: one option.</param>
/// <param name="Missing">What the agent took was not among the options.</param>
public sealed record OptionTrialReport(int Conversations, int Choices, int Single, int Missing, IReadOnlyList<OptionTrialWay> Ways);

/// <param name="Name">For programs.</param>
/// <param name="First">How often what the agent took comes first.</param>
/// <param name="ReciprocalRank">The mean of 1 / its place.</param>
public sealed record OptionTrialWay(string Name, string Text, Share First, Share ReciprocalRank);

/// <param name="Low">With <paramref name="High"/>: the 95 % interval.</param>
public sealed record Share(double Value, double Low, double High);
