using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Tests.Simulation;

/// <summary>One thing that happened at the platform: the truth the checker goes by.</summary>
sealed record LedgerEntry(DateTimeOffset At, LedgerKind Kind, string Conversation)
{
    /// <summary>Whose call it was; null for what others did.</summary>
    public HandoffId? By { get; init; }

    /// <summary>The leg that was to be replaced.</summary>
    public string? Leg { get; init; }
    public int Attempt { get; init; }
    public string? Queue { get; init; }
    public string? Text { get; init; }
    public FailureKind? Failure { get; init; }

    public override string ToString() =>
        $"{At:HH:mm:ss.fff} {Conversation} {Kind}{(By is { } by ? $" by {by}" : "")}{(Leg is null ? "" : $" leg {Leg}")}{(Attempt == 0 ? "" : $" attempt {Attempt}")}{(Queue is null ? "" : $" to {Queue}")}{(Text is null ? "" : $" \"{Text}\"")}{(Failure is null ? "" : $" {Failure}")}";
}

enum LedgerKind
{
    /// <summary>A transfer was asked for, whatever became of it.</summary>
    Asked,
    Applied,

    /// <summary>Accepted, and then not carried out.</summary>
    NotCarriedOut,

    /// <summary>A transfer or a call for this conversation was refused or failed.</summary>
    Trouble,

    /// <summary>A message was not taken, or its answer was lost.</summary>
    TellTrouble,
    Told,
    Alerted,
    Missed,
    AgentJoined,

    /// <summary>Somebody else's transfer took place.</summary>
    MovedByOthers,
    BackToBot,
    CustomerLeft,
}
