namespace Baton.Core.Assist;

/// <summary>How the platform's callbacks are read: their wire form is the connector's.</summary>
public interface ISuggestionCallbacks
{
    /// <summary>The source whose callbacks these are.</summary>
    string Source { get; }

    /// <summary>What a callback says; null when it is no JSON object with an id and a status.</summary>
    CallbackReply? Read(string json);
}

/// <param name="RequestId">The platform's id of the request.</param>
/// <param name="Status">As the platform words it; <c>completed</c> brings suggestions.</param>
public sealed record CallbackReply(string RequestId, string Status, SourceAnswer.Found Found)
{
    public bool IsCompleted => Status.Equals("completed", StringComparison.OrdinalIgnoreCase);
    public bool IsFailed => Status.Equals("failed", StringComparison.OrdinalIgnoreCase);
}
