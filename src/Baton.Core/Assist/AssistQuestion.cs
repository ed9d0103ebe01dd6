using System.Text;
using Baton.Core.Conversations;

namespace Baton.Core.Assist;

/// <summary>What is asked when an agent wants suggestions (guide 004, step 1).</summary>
public sealed record AssistQuestion(string ConversationId, string Transcript)
{
    /// <summary>The guide's limits.</summary>
    public const int MostCharacters = 5_000;
    public const int MostSources = 10;
    public const int UsuallyShown = 3;
    const int MostShown = 50;
    const int MostSkills = 50;

    /// <summary>What the agent can do: suggestions tagged with one of them gain.</summary>
    public IReadOnlyList<string> AgentSkills { get; init; } = [];

    /// <summary>Which knowledge is asked, by the ids of its sources.</summary>
    public IReadOnlyList<string> KnowledgeSourceIds { get; init; } = [];

    /// <summary>Where the platform sends its answer; null: the configured address.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>Asks the platform to answer by callback; false: at once.</summary>
    public bool IsAsync { get; init; } = true;

    /// <summary>The queue the agent works for, for reports; null: the one of the conversation's handoff.</summary>
    public string? QueueId { get; init; }
    public string? AgentId { get; init; }

    /// <summary>How many suggestions are shown at most, of each batch.</summary>
    public int Show { get; init; } = UsuallyShown;

    /// <summary>What is wrong with it, every field at once; nothing was asked of anybody.</summary>
    /// <param name="callbackFault">Why an address cannot be called back, as a sentence; null when it can.</param>
    public IReadOnlyList<FieldFault> Check(Func<string, string?> callbackFault)
    {
        var faults = new List<FieldFault>();
        if (string.IsNullOrWhiteSpace(ConversationId)) faults.Add(new("conversationId", "conversationId is empty."));
        else if (ConversationId.Length > 100) faults.Add(new("conversationId", "conversationId is longer than 100 characters."));
        if (string.IsNullOrWhiteSpace(Transcript)) faults.Add(new("transcript", "transcript is empty."));
        else if (Transcript.Length > MostCharacters) faults.Add(new("transcript", $"transcript has {Transcript.Length} characters; at most {MostCharacters} are taken. Pass its newest turns."));
        if (KnowledgeSourceIds.Count == 0) faults.Add(new("knowledgeSourceIds", $"knowledgeSourceIds is empty; name 1 to {MostSources}."));
        else if (KnowledgeSourceIds.Count > MostSources) faults.Add(new("knowledgeSourceIds", $"knowledgeSourceIds has {KnowledgeSourceIds.Count} entries; at most {MostSources} are taken."));
        else if (KnowledgeSourceIds.Any(string.IsNullOrWhiteSpace)) faults.Add(new("knowledgeSourceIds", "knowledgeSourceIds holds an empty id."));
        if (AgentSkills.Count > MostSkills) faults.Add(new("agentSkills", $"agentSkills has {AgentSkills.Count} entries; at most {MostSkills} are taken."));
        if (Show is < 1 or > MostShown) faults.Add(new("show", $"show is {Show}; allowed is 1 to {MostShown}."));
        if (CallbackUrl is { } url && callbackFault(url) is { } why) faults.Add(new("callbackUrl", why));
        return faults;
    }

    /// <summary>The same with no more of the transcript than is taken: its newest turns, whole ones while one fits. Says how many characters were left out.</summary>
    public (AssistQuestion Question, int LeftOut) Tail()
    {
        if (Transcript.Length <= MostCharacters) return (this, 0);
        var from = Transcript.Length - MostCharacters;
        // A turn begins after a line break; a single turn longer than all that is taken is cut.
        var turn = Transcript.IndexOf('\n', from - 1) + 1;
        if (turn > 0 && turn < Transcript.Length) from = turn;
        else if (char.IsLowSurrogate(Transcript[from])) from++;
        return (this with { Transcript = Transcript[from..] }, from);
    }

    /// <summary>A conversation as the guide writes one: a line a turn, named by who spoke.</summary>
    public static string TranscriptOf(Conversation conversation)
    {
        var text = new StringBuilder();
        foreach (var turn in conversation.Turns.Where(t => t.From != Speaker.System && t.Text.Length > 0))
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(turn.From).Append(": ").Append(turn.Text.ReplaceLineEndings(" "));
        }
        return text.ToString();
    }
}

/// <param name="Field">As the caller names it.</param>
public sealed record FieldFault(string Field, string Sentence);

/// <summary>A question that cannot be asked: every reason at once. Nothing was asked of anybody and nothing was stored.</summary>
public sealed class AssistRefusedException(IReadOnlyList<FieldFault> faults) : Exception(string.Join(" ", faults.Select(f => f.Sentence)))
{
    public IReadOnlyList<FieldFault> Faults { get; } = faults;
}
