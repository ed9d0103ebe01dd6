using System.Text.Json.Serialization;

namespace Baton.Sandbox;

[JsonConverter(typeof(CamelCaseEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>429, not executed. <see cref="Fault.RetryAfterSeconds"/> null sends no Retry-After.</summary>
    TooManyRequests,

    /// <summary><see cref="Fault.Status"/> instead of executing: 502 and 504 as HTML, 503 with an empty body, others as ErrorBody.</summary>
    Status,

    /// <summary>Executed, then answered with <see cref="Fault.Status"/>.</summary>
    StatusAfterApply,

    /// <summary>Not executed, the TCP connection is aborted.</summary>
    ConnectionResetBeforeApply,

    /// <summary>Executed, then the TCP connection is aborted.</summary>
    ConnectionResetAfterApply,

    /// <summary>The reply is lost, and a transfer happens only after <see cref="Fault.Milliseconds"/>.</summary>
    ApplyLate,

    /// <summary>202, then the transfer fails and nothing moves.</summary>
    TransferFailsAfterAccepted,

    /// <summary>Waits <see cref="Fault.Milliseconds"/> before executing.</summary>
    Slow,

    /// <summary>Not executed and never answered: the connection stays open until the caller gives up.</summary>
    Hang,

    /// <summary>Executed; the body is cut off in the middle.</summary>
    MalformedJson,

    /// <summary>GET conversation answers the state of <see cref="Fault.Milliseconds"/> ago.</summary>
    StaleParticipants,

    /// <summary>All tokens of the caller's client expire now, before this request.</summary>
    TokenExpires,

    /// <summary>Answers truthfully, then the queue named in the path or body is deleted.</summary>
    QueueDeletedAfterCheck,

    /// <summary>An agent takes the conversation in the moment it enters the queue.</summary>
    AgentQuick,

    /// <summary>No <c>inin-ratelimit-*</c> headers.</summary>
    HideRateHeaders,

    /// <summary>429 without Retry-After, also where the window is really used up.</summary>
    HideRetryAfter,

    /// <summary>A list walked by a cursor names the page's own cursor as the next.</summary>
    CursorRepeats,

    /// <summary>The event is delivered twice. <see cref="Fault.Path"/> matches the topic.</summary>
    EventDuplicated,

    /// <summary>The event is never delivered.</summary>
    EventDropped,

    /// <summary>The event is delivered after the next one of its conversation.</summary>
    EventReordered,

    /// <summary>Suggestions of an assistant, or the callback with them, come <see cref="Fault.Milliseconds"/> later than they would.</summary>
    SuggestionsLate,

    /// <summary>They never come.</summary>
    SuggestionsNever,

    /// <summary>The assistant suggests everything twice, under two ids; the same callback is posted twice.</summary>
    SuggestionsTwice,

    /// <summary>A suggestion of state Failed with nothing in it; a callback with status <c>failed</c>.</summary>
    SuggestionsFailed,

    /// <summary>A callback with status <c>processing</c> comes before the one that was promised. Guide flavor.</summary>
    CallbackProcessingFirst,

    /// <summary>The callback is posted, and answered, before the reply to the query is written. Guide flavor.</summary>
    CallbackOvertakes,

    /// <summary>The list of suggestions, or of search results, is empty. This and what follows strikes a reply that carries such a list, or the callback.</summary>
    SuggestionsEmpty,

    /// <summary>The first one has a text of 10 MB.</summary>
    SuggestionsHuge,

    /// <summary>5,000 of them, whatever the page size.</summary>
    SuggestionsTooMany,

    /// <summary>The first one has no id.</summary>
    SuggestionWithoutId,

    /// <summary>The first one's confidence is 7.</summary>
    SuggestionConfidenceTooHigh,

    /// <summary>The first one's confidence is "high".</summary>
    SuggestionConfidenceInWords,

    /// <summary>A notification or a guest's frame is sent twice. <see cref="Fault.Path"/> matches its topic: <c>v2.users.*</c>, <c>channel.metadata</c> for heartbeats,
    /// <c>webmessaging.StructuredMessage</c> for guests.</summary>
    FrameDuplicated,

    /// <summary>It is never sent.</summary>
    FrameDropped,

    /// <summary>It is sent after the next one of its socket, or a second later.</summary>
    FrameReordered,

    /// <summary>It is sent <see cref="Fault.Milliseconds"/> later.</summary>
    FrameDelayed,

    /// <summary>Before it, the socket is told that it will close: a channel's after <see cref="Fault.Milliseconds"/>, a minute when 0; a guest's at once, and the frame is lost.</summary>
    SocketClosing,

    /// <summary>Instead of it, the connection is cut without a word.</summary>
    SocketDropped,

    /// <summary>Instead of it, the channel comes to its end.</summary>
    ChannelExpired,

    /// <summary>Instead of it, the channel gives way to another one of its client.</summary>
    ChannelEvicted,
}

/// <summary>One rule: which requests (or events) it touches, how often, and what goes wrong. Everything left out matches all.</summary>
public sealed record Fault
{
    public string Id { get; init; } = "";
    public required FaultKind Kind { get; init; }
    public string? Method { get; init; }

    /// <summary>A path such as <c>/api/v2/conversations/*/participants/*/replace/queue</c>; a star stands for any text.</summary>
    public string? Path { get; init; }
    public string? ConversationId { get; init; }
    public double Probability { get; init; } = 1;

    /// <summary>How many more times it strikes; null is without end.</summary>
    public int? Times { get; init; }
    /// <summary>How many matches it lets pass first: 20 strikes the 21st page.</summary>
    public int Skip { get; init; }
    public int? Status { get; init; }
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Sends Retry-After as an HTTP date rather than as seconds.</summary>
    public bool RetryAfterAsDate { get; init; }
    public int Milliseconds { get; init; }

    public bool IsAboutEvents => Kind is FaultKind.EventDuplicated or FaultKind.EventDropped or FaultKind.EventReordered;

    /// <summary>Whether, when and how often suggestions come. <see cref="Path"/> matches the topic, of a callback also the path of its query.</summary>
    public bool IsAboutSuggesting => Kind is FaultKind.SuggestionsLate or FaultKind.SuggestionsNever or FaultKind.SuggestionsTwice or FaultKind.SuggestionsFailed || IsAboutCallbacks;

    /// <summary>What is in a list of suggestions.</summary>
    public bool IsAboutContent => Kind is FaultKind.SuggestionsEmpty or FaultKind.SuggestionsHuge or FaultKind.SuggestionsTooMany
        or FaultKind.SuggestionWithoutId or FaultKind.SuggestionConfidenceTooHigh or FaultKind.SuggestionConfidenceInWords;

    internal bool TakesMethod(string method) => Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase);

    internal bool IsAboutCallbacks => Kind is FaultKind.CallbackProcessingFirst or FaultKind.CallbackOvertakes;

    public bool IsAboutFrames => Kind is FaultKind.FrameDuplicated or FaultKind.FrameDropped or FaultKind.FrameReordered or FaultKind.FrameDelayed
        or FaultKind.SocketClosing or FaultKind.SocketDropped or FaultKind.ChannelExpired or FaultKind.ChannelEvicted;
}
