using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Sandbox;

namespace Baton.Cli.Demo;

/// <summary>
/// After the run: conversations go on going bad, now and then one, and come to the desk where the person at the agent's screen is. Whoever is taken answers what is answered;
/// whoever is not, waits and leaves.
/// </summary>
sealed class DemoStay(DemoWorld world, int seed)
{
    const int MostAtOnce = 4;
    static readonly TimeSpan BetweenStarts = TimeSpan.FromSeconds(30);
    static readonly TimeSpan WaitsFor = TimeSpan.FromMinutes(4);
    static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    static readonly string[] names = ["Mia Berg", "Tom Reyes", "Ines Roth", "Kofi Mensah", "Lea Novak", "Omar Haddad", "Pia Lund", "Ravi Nair"];
    static readonly string[] replies = ["Thank you for taking over. Yes, please go on.", "That sounds good. How long will it take?", "All right, that helps. Thank you!", "No, that was all. Goodbye!"];

    static readonly IReadOnlyList<Scenario> scenarios = [.. Scenarios.All.Where(s => s is { Media: Core.Conversations.Media.Message, StartsAt: null, Expected.Outcomes: [HandoffState.Completed] } && !s.Attributes.ContainsKey("desk"))];

    readonly Random random = new(seed * 31);

    public async Task RunAsync(Action<string> line, CancellationToken ct)
    {
        await world.OpenForTheEveningAsync(ct);
        var going = new List<Task>();
        for (var number = 0; ; number++)
        {
            going.RemoveAll(t => t.IsCompletedSuccessfully);
            if (going.Find(t => t.IsFaulted) is { } broken) await broken;
            // The refund first: there is an article that helps with it.
            if (going.Count < MostAtOnce) going.Add(PlayAsync(scenarios[(number + FirstScenario) % scenarios.Count], names[number % names.Length], line, ct));
            await Task.Delay(BetweenStarts, world.Time, ct);
        }
    }

    static int FirstScenario => scenarios.TakeWhile(s => !s.Name.StartsWith("refund", StringComparison.Ordinal)).Count();

    async Task PlayAsync(Scenario scenario, string name, Action<string> line, CancellationToken ct)
    {
        var organization = world.Sandbox.Organization;
        var started = organization.StartConversation(new GuestProfile(name, scenario.Attributes), null);
        var bot = new BotReports(world, scenario, started.ConversationId, started.GuestId);
        BotAnswer? answer = null;
        foreach (var step in scenario.Steps)
        {
            await PauseAsync(2, 4, ct);
            var (from, said) = step switch { DemoStep.Customer c => (Speaker.Customer, c), DemoStep.Bot b => (Speaker.Bot, new DemoStep.Customer(b.Text)), _ => throw new InvalidOperationException($"{step.GetType().Name} is not played here.") };
            if (from == Speaker.Customer) organization.GuestSays(started.ConversationId, said.Text);
            else organization.BotSays(started.ConversationId, said.Text);
            answer = await bot.TellAsync(from, said, ct);
            if (answer.Handoff is not null) break;
        }
        if (answer?.Handoff is not null) line($"{name}: {answer.Reasons[0]} -> {DemoWorld.FrontDesk}");
        await TalkAsync(started.ConversationId, name, line, ct);
    }

    async Task TalkAsync(string conversation, string name, Action<string> line, CancellationToken ct)
    {
        var organization = world.Sandbox.Organization;
        var (heard, lastAt) = (0, world.Time.GetUtcNow());
        while (true)
        {
            await Task.Delay(Glance, world.Time, ct);
            var now = organization.Conversation(conversation);
            if (now.EndTime is not null) return;
            var said = now.Messages.Count(m => m.From == "agent");
            if (said == heard)
            {
                if (world.Time.GetUtcNow() - lastAt < WaitsFor) continue;
                line($"{name} has waited long enough and leaves");
                organization.GuestLeaves(conversation);
                return;
            }
            await PauseAsync(3, 7, ct);
            if (organization.Conversation(conversation).EndTime is not null) return;
            organization.GuestSays(conversation, replies[Math.Min(heard, replies.Length - 1)]);
            (heard, lastAt) = (said, world.Time.GetUtcNow());
        }
    }

    Task PauseAsync(int least, int most, CancellationToken ct) => Task.Delay(TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least))), world.Time, ct);
}
