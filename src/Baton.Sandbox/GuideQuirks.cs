namespace Baton.Sandbox;

/// <summary>What is odd about one conversation on the guide flavor: answers that are legal and still hard to read.</summary>
public sealed record GuideQuirks
{
    /// <summary>Analytics tells the conversation, but not <c>metrics.intentConfidence</c>.</summary>
    public bool NoIntentConfidence { get; init; }

    /// <summary>Members left out of the guest, of itself or of its custom attributes: <c>name</c>, <c>email</c>, <c>phoneNumbers</c>, <c>skills</c>, <c>customAttributes</c>,
    /// <c>lastBotResponse</c>, <c>conversationHistory</c>, <c>self</c>.</summary>
    public IReadOnlyList<string> GuestOmits { get; init; } = [];

    /// <summary>JSON in the place of <c>conversationHistory</c>, whatever it is.</summary>
    public string? ConversationHistory { get; init; }

    /// <summary>Anything but <c>queued</c> moves nothing: <c>rejected</c>, <c>failed</c>.</summary>
    public string EnqueueStatus { get; init; } = "queued";

    /// <summary>The callbacks of a suggestions query, in order: <c>processing</c>, <c>completed</c>, <c>failed</c>; none at all is never.</summary>
    public IReadOnlyList<string> CallbackStatuses { get; init; } = ["completed"];

    /// <summary>From the 200 of an asynchronous suggestions query to its first callback; null is <see cref="SandboxOptions.SuggestionDelay"/>.</summary>
    public TimeSpan? CallbackDelay { get; init; }
}
