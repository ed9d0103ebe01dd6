using System.Diagnostics;
using Baton.Core.Assist;
using Baton.Core.Assist.Knowledge;

namespace Baton.Assist;

/// <summary>Ranking and local knowledge against their goals, each beside a plain way of doing the same in the same run: the ratio holds on any machine, the times on this one.</summary>
static class AssistBench
{
    const int Suggestions = 1_000;
    const int Articles = 10_000;
    const int Builds = 12;
    const double RankGoal = 250, QueryGoal = 5_000, BuildGoal = 20_000;

    public static bool Run()
    {
        Console.WriteLine($"{DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime):yyyy-MM-dd}, {Environment.ProcessorCount} cores, .NET {Environment.Version}");
        return Rank() & Search();
    }

    static bool Rank()
    {
        var random = new Random(4);
        string[] tags = ["refunds", "billing", "delivery", "accounts", "orders", "returns", "security", "travel"];
        var candidates = Enumerable.Range(0, Suggestions)
            .Select(i => new Candidate("local", $"a{i}", $"Article {i}", "", Math.Round(random.NextDouble(), 3), "local") { Tags = [tags[random.Next(8)], tags[random.Next(8)], tags[random.Next(8)]] }).ToList();
        var feedback = candidates.ToDictionary(c => c.Subject, _ => random.NextDouble(), StringComparer.Ordinal);
        var weights = new RankingWeights();
        string[] skills = ["refunds", "returns"];

        var plain = Timing.Of(2_000, 10_000, _ => Plain());
        var rank = Timing.Of(2_000, 10_000, _ => Ranking.Rank(candidates, skills, weights, subject => feedback[subject]));
        Console.WriteLine($"Rank {Suggestions:N0} suggestions: p50 {rank.P50:F0} us, p99 {rank.P99:F0} us; the formula with LINQ: p50 {plain.P50:F0} us, p99 {plain.P99:F0} us ({plain.P50 / rank.P50:F1} times)");
        return Meets("rank p50 under 250 us", rank.P50 < RankGoal, false);

        IReadOnlyList<(Candidate Candidate, double Score)> Plain() => [.. candidates
            .Select(c => (Candidate: c, Score: Math.Round(c.Confidence * 0.6 + (c.Tags.Any(skills.Contains) ? 0.15 : 0) * 0.3 + feedback[c.Subject] * 0.1, 4)))
            .OrderByDescending(c => c.Score)];
    }

    static bool Search()
    {
        var generated = new GeneratedArticles(11);
        var markdown = Enumerable.Range(0, Articles).Select(_ => generated.Markdown()).ToArray();
        var questions = Enumerable.Range(0, 500).Select(_ => AssistQuery.Of(string.Join('\n', generated.Question().Reverse().Select(turn => $"Customer: {turn}")))).ToArray();
        var options = new KnowledgeOptions();

        ArticleIndex index = ArticleIndex.Empty;
        var rates = new List<double>();
        // Beside the clock, what the processor was busy: they differ when the machine has other work, or when more than one core helps.
        var busy = TimeSpan.Zero;
        for (var i = 0; i < Builds; i++)
        {
            var busyBefore = Environment.CpuUsage.TotalTime;
            var began = Stopwatch.GetTimestamp();
            index = ArticleIndex.Of(markdown.Select((text, n) => Article.Read($"{n:D5}.md", text)), options);
            rates.Add(Articles / Stopwatch.GetElapsedTime(began).TotalSeconds);
            busy += Environment.CpuUsage.TotalTime - busyBefore;
        }
        rates.Sort();
        Console.WriteLine($"Index {Articles:N0} articles of 200 words, reading Markdown included: {rates[rates.Count / 2]:N0} articles a second (slowest of {Builds}: {rates[0]:N0}; {Articles * Builds / busy.TotalSeconds:N0} a second of processor time)");

        var counting = Timing.Of(1, 5, _ => LinearScan.Count(markdown));
        Console.WriteLine($"  counting the words of each article in dictionaries: {Articles / counting.P50 * 1e6:N0} articles a second");

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        busy = Environment.CpuUsage.TotalTime;
        var query = Timing.Of(500, 3_000, i => index.Find(questions[i % questions.Length], 10));
        busy = (Environment.CpuUsage.TotalTime - busy) / 3_500;
        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / 3_500;
        var scan = new LinearScan(markdown);
        var plain = Timing.Of(5, 50, i => scan.Best(questions[i % questions.Length].CustomerTurns));
        var loop = Timing.OfLoop(query.P50, 3_000);
        Console.WriteLine($"Ask it with four turns of 12 words, 10 passages: p50 {query.P50:F0} us, p99 {query.P99:F0} us, {busy.TotalMicroseconds:F0} us of processor time in the mean, {allocated:N0} bytes");
        Console.WriteLine($"  an empty loop of that length: p50 {loop.P50:F0} us, p99 {loop.P99:F0} us; reading every article: p50 {plain.P50:F0} us, p99 {plain.P99:F0} us ({plain.P50 / query.P50:F0} times)");
        var isBusy = loop.P99 > 5 * loop.P50;
        return Meets("index over 20,000 articles a second", rates[rates.Count / 2] > BuildGoal, isBusy) & Meets("question p99 under 5 ms", query.P99 < QueryGoal, isBusy);
    }

    // What an empty loop cannot keep on this machine now, no code can.
    static bool Meets(string goal, bool isMet, bool isBusy)
    {
        if (!isMet) Console.WriteLine($"{(isBusy ? "NOT DECIDED, the machine has other work" : "GOAL MISSED")}: {goal}");
        return isMet;
    }
}
