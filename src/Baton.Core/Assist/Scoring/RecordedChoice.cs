namespace Baton.Core.Assist.Scoring;

/// <summary>What an agent was offered in a recorded conversation, and took.</summary>
/// <param name="Query">What the agent typed to be offered it; null when nothing is known of it.</param>
/// <param name="Options">Names such as <c>bank_ask_pin</c>, in the order they were offered.</param>
public sealed record RecordedChoice(string? Query, IReadOnlyList<string> Options, string Picked);

/// <param name="Choice">For a turn of the agent that came of a choice.</param>
public sealed record RecordedTurn(bool IsCustomer, string Text, RecordedChoice? Choice = null);
