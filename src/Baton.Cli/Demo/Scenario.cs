using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Cli.Demo;

/// <summary>One way a conversation goes: what is said and done, and what must come of it.</summary>
sealed record Scenario(string Name, IReadOnlyList<DemoStep> Steps)
{
    /// <summary>A call has no written words: the bot's recognition tells them to Baton alone.</summary>
    public Media Media { get; init; }

    /// <summary>What the bot knows of the customer.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>From the start of the run to the first word; null: drawn by the seed.</summary>
    public TimeSpan? StartsAt { get; init; }

    /// <summary>What must come of it; null: only the general invariants hold it.</summary>
    public Expected? Expected { get; init; }
}

/// <param name="Decision">The last decision's outcome.</param>
/// <param name="Outcomes">How its handoffs end, in order.</param>
sealed record Expected(DecisionOutcome Decision, string? Reason, params HandoffState[] Outcomes)
{
    /// <summary>Where the last handoff ended up.</summary>
    public string? Queue { get; init; }
}

abstract record DemoStep
{
    /// <summary>The customer writes. Intent, confidence and result are what the bot's recognition made of it.</summary>
    public sealed record Customer(string Text, string? Intent = null, double? Confidence = null, BotResult? Result = null) : DemoStep;

    public sealed record Bot(string Text) : DemoStep;

    /// <summary>Another integration transfers the conversation to a queue, on its own account.</summary>
    public sealed record SomebodyElseTransfers(string Queue) : DemoStep;

    /// <summary>If the conversation waits in a queue by then, the customer closes the window.</summary>
    public sealed record LeavesAfterHandoff(TimeSpan After) : DemoStep;

    /// <summary>The agent has it for this long, then sends it back to the bot, and the steps go on.</summary>
    public sealed record AgentReturnsToBot(TimeSpan After) : DemoStep;
}
