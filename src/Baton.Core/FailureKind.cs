namespace Baton.Core;

/// <summary>What went wrong, as a person or a program can act on it: each kind has one sentence and one thing to do (<see cref="Failures"/>).</summary>
public enum FailureKind
{
    /// <summary>400: the platform did not understand the request.</summary>
    BadRequest,

    /// <summary>401 after one forced renewal, or the token was refused.</summary>
    Unauthorized,

    /// <summary>403: the OAuth client lacks a permission; the sentence names it.</summary>
    MissingPermission,

    /// <summary>404 for the conversation.</summary>
    ConversationNotFound,

    /// <summary>The queue does not exist (any more).</summary>
    QueueNotFound,

    /// <summary>409: the platform says the conversation is in another state than we assumed.</summary>
    Conflict,

    /// <summary>429, or our own quota window is used up: the call was not executed.</summary>
    RateLimited,

    /// <summary>5xx: the platform is in trouble; whether it did the work is not known.</summary>
    Unavailable,

    /// <summary>Timeout or broken connection: whether the platform did the work is not known.</summary>
    ReplyLost,

    /// <summary>An answer that is not what the platform documents.</summary>
    MalformedReply,

    /// <summary>The leg to be transferred has left already.</summary>
    LegGone,

    /// <summary>The conversation has ended.</summary>
    ConversationEnded,

    /// <summary>A transfer that is not ours is under way.</summary>
    AlreadyTransferring,

    /// <summary>A queue or an agent has the conversation already.</summary>
    AlreadyWithHuman,

    /// <summary>There is no bot leg that could be replaced.</summary>
    NoBotLeg,

    /// <summary>Nobody is on queue.</summary>
    QueueUnstaffed,

    /// <summary>The platform accepted the transfer and then did not carry it out.</summary>
    TransferFailed,

    /// <summary>Nobody answered in the last queue of the plan.</summary>
    NobodyCame,

    /// <summary>Not confirmed within the policy's limit.</summary>
    TimedOut,

    /// <summary>This flavor of the platform cannot do it.</summary>
    Unsupported,

    /// <summary>The text cannot be an id of the platform; nothing was asked.</summary>
    MalformedId,

    /// <summary>The user is in no call.</summary>
    NobodyOnCall,

    /// <summary>The queue does not take this medium, or the conversation is of another one.</summary>
    WrongMedia,

    /// <summary>There is no such guest, or its session is over.</summary>
    GuestNotFound,
}

/// <summary>The runbook: what a person is told to do about each <see cref="FailureKind"/>.</summary>
public static class Failures
{
    public static string WhatToDo(FailureKind kind) => kind switch
    {
        FailureKind.BadRequest => "Look at the named field; if the identifiers are right, report the correlation id to the vendor.",
        FailureKind.Unauthorized => "Check client id, secret and region with 'baton doctor'; a client of another region is refused like a wrong secret.",
        FailureKind.MissingPermission => "Give the named permission to a role of the OAuth client, in the division of the queue; on the guide flavor, the named scope to the client.",
        FailureKind.ConversationNotFound => "Check the conversation's id; one that ended long ago can no longer be read.",
        FailureKind.QueueNotFound => "Correct the queue's name or id in the policy; 'baton queue list' shows what there is.",
        FailureKind.Conflict => "Nothing: Baton reads the conversation again and goes on from what is there.",
        FailureKind.RateLimited => "Nothing: it goes on by itself when the window opens; add an OAuth client if this is frequent.",
        FailureKind.Unavailable => "Nothing: Baton looks whether it happened and tries again; see the vendor's status page if it lasts.",
        FailureKind.ReplyLost => "Nothing: Baton looks whether it happened before it tries again; check the network if it is frequent.",
        FailureKind.MalformedReply => "Check ApiBaseUrl with 'baton doctor'; a proxy or a login page often answers in the vendor's place.",
        FailureKind.LegGone => "Nothing: somebody moved the conversation first.",
        FailureKind.ConversationEnded => "Nothing: the customer has left.",
        FailureKind.AlreadyTransferring => "See who else transfers this conversation (a flow, another integration); only one should.",
        FailureKind.AlreadyWithHuman => "Nothing: a queue or an agent has it.",
        FailureKind.NoBotLeg => "Start the handoff while the bot is in the conversation.",
        FailureKind.QueueUnstaffed => "Put somebody on queue, or name a fallback queue in the policy.",
        FailureKind.TransferFailed => "Check that the queue takes this medium; then 'baton handoff retry'.",
        FailureKind.NobodyCame => "Put more agents on the last fallback queue, or lengthen its maxWait.",
        FailureKind.TimedOut => "See the handoff's history for what held it up; then 'baton handoff retry'.",
        FailureKind.MalformedId => "Copy the id from the platform.",
        FailureKind.NobodyOnCall => "Check the user's id, or name the conversation with --conversation; analytics may tell a call a minute late.",
        FailureKind.WrongMedia => "Choose a queue for this medium. Calls are moved with 'baton transfer', messages handed off with 'baton handoff start'.",
        FailureKind.GuestNotFound => "Check the guest's id: it is the one of the conversation's own session, and ends with it.",
        FailureKind.Unsupported => "Take it out of the policy, or use a flavor that can do it.",
        _ => "See the handoff's history.",
    };

    /// <summary>True when waiting and trying again can help; the rest are answers.</summary>
    public static bool IsPassing(FailureKind kind) => kind
        is FailureKind.RateLimited or FailureKind.Unavailable or FailureKind.ReplyLost or FailureKind.MalformedReply or FailureKind.Conflict;
}

/// <summary>A call to the contact center that did not do what it was for. Thrown by <see cref="IContactCenter"/>; the runner acts on <see cref="Kind"/>.</summary>
public sealed class ContactCenterException(FailureKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public FailureKind Kind { get; } = kind;

    /// <summary>For <see cref="FailureKind.RateLimited"/>: no call before this instant.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The platform's correlation id: what its support asks for.</summary>
    public string? CorrelationId { get; init; }
}
