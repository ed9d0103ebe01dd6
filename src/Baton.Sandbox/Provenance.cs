using System.Text.Json.Serialization;

namespace Baton.Sandbox;

[JsonConverter(typeof(CamelCaseEnumConverter<KnownFrom>))]
public enum KnownFrom
{
    /// <summary>Seen in a payload or reply recorded from the platform.</summary>
    Captured,

    /// <summary>Written in the vendor's documentation, forum or swagger.</summary>
    Documented,

    /// <summary>Read from the vendor's SDK: paths, models, enums, permissions.</summary>
    Sdk,

    /// <summary>Our reading of the rest. A real organization may differ.</summary>
    Inferred,
}

public sealed record ProvenanceEntry(string Behavior, KnownFrom KnownFrom, string Note);

/// <summary>Where each behavior of the sandbox is known from.</summary>
public static class Provenance
{
    public static IReadOnlyList<ProvenanceEntry> All { get; } =
    [
        new("OAuth: token request by Basic authorization, reply with access_token, token_type bearer, expires_in", KnownFrom.Sdk, "AuthTokenInfo model; SDKs send Basic and grant_type=client_credentials"),
        new("OAuth: client_id and client_secret in the form instead of Basic", KnownFrom.Inferred, "allowed by RFC 6749 section 2.3.1; no SDK does it"),
        new("OAuth: expires_in one second less than the lifetime", KnownFrom.Captured, "recorded replies say 86399"),
        new("OAuth: wrong secret, or a client of another region: 401 invalid_client, authentication failed", KnownFrom.Captured, "third-party issue reports with the body"),
        new("OAuth: unknown client: 400 invalid_client, client not found", KnownFrom.Captured, "third-party test fixture"),
        new("OAuth: unsupported_grant_type, invalid_request: 400 with the same three fields", KnownFrom.Inferred, "shape taken from invalid_client"),
        new("OAuth: a deleted token answers bad.credentials, an expired one credentials.expired", KnownFrom.Inferred, "the codes are documented, which is given when is not"),
        new("Errors: ErrorBody with message, code, status, contextId, messageParams, details, errors, limit", KnownFrom.Sdk, "ErrorBody model"),
        new("Errors: contextId equals the ININ-Correlation-Id header", KnownFrom.Inferred, "both are what support asks for"),
        new("Errors: generic codes and sentences", KnownFrom.Documented, "official swagger of 2018 and release notes"),
        new("Errors: messageParams names of permissions, value, field", KnownFrom.Inferred, "the sentences have only %s"),
        new("Errors: an id that is not a GUID is 400 bad.request before it is 404", KnownFrom.Inferred, "code is documented as generic"),
        new("Errors: unknown path is 404 not.found with an ErrorBody", KnownFrom.Inferred, ""),
        new("Errors: a conversation unknown to /conversations/messages is conversation.error.conversation.not.found", KnownFrom.Documented, "swagger of 2017"),
        new("Errors: 502 and 504 are HTML, 503 is empty", KnownFrom.Inferred, "gateways in front of the platform; bodies differ"),
        new("Quota: headers inin-ratelimit-count, -allowed, -reset", KnownFrom.Captured, "1 / 180 / 61"),
        new("Quota: 300 calls a minute and token, 429 with Retry-After in seconds", KnownFrom.Documented, "limits page, platform.api"),
        new("Quota: the window is fixed, opens with the first call and is 60 seconds long", KnownFrom.Inferred, "fits the captured headers"),
        new("Quota: a refused call counts as well", KnownFrom.Inferred, ""),
        new("Conversation: every leg is a new participant; the one that leaves gets endTime, disconnected, transfer", KnownFrom.Captured, "recorded conversations of 2025"),
        new("Conversation: peerId of all legs is the customer's communication", KnownFrom.Captured, "recorded conversations of 2025"),
        new("Conversation: an assignment by routing adds a Complete, Attended transfer with an empty initiator", KnownFrom.Captured, "recorded conversations of 2025"),
        new("Conversation: communications list message ids, never text", KnownFrom.Sdk, "MessageDetails model"),
        new("Conversation: a digital bot shows as workflow here and as botflow in analytics", KnownFrom.Inferred, ""),
        new("Conversation: guest attributes carry the prefix context.", KnownFrom.Inferred, ""),
        new("Conversation: originatingEntity is Bot on the flow's, queue's or customer's communication, Human on an agent's", KnownFrom.Inferred, "the enum is documented, the rule is not"),
        new("Conversation: when the last agent ends, the customer's leg ends as peer, and with it the conversation", KnownFrom.Inferred, ""),
        new("Transfer: POST answers 202 with an empty body and happens later", KnownFrom.Documented, "CLI SDK success codes; body absent"),
        new("Transfer: 50 to 2000 ms from 202 to the transfer", KnownFrom.Inferred, "order of magnitude only"),
        new("Transfer: Pending at 202, Active when the leg has moved, Complete when an agent accepts", KnownFrom.Inferred, "states are in the SDK, their moments are not"),
        new("Transfer: a leg that left: 400 conversations.error.transfer.not.connected", KnownFrom.Documented, "swagger of 2017, for /replace"),
        new("Transfer: replace/queue reports the codes of /replace", KnownFrom.Inferred, ""),
        new("Transfer: two transfers of one leg before either happened: both 202, the second Failed", KnownFrom.Inferred, "the leg has left when the second is carried out"),
        new("Transfer: a queue deleted between 202 and the transfer: Failed, the leg stays", KnownFrom.Inferred, ""),
        new("Transfer: a waiting conversation moved to its own queue is same.party", KnownFrom.Inferred, "code and sentence documented for /replace"),
        new("Transfer: priority, skills and language go along when a waiting conversation is moved", KnownFrom.Inferred, ""),
        new("Transfer: Attended: the leg stays until the recipient accepts", KnownFrom.Documented, "transferType description"),
        new("Transfer: a person who does not answer: Timeout, then a queue of that person", KnownFrom.Inferred, ""),
        new("Transfer: the guest leaves first: Canceled", KnownFrom.Inferred, ""),
        new("Transfer: a second transfer of a leg whose Attended transfer is Active is transfer.not.connected", KnownFrom.Inferred, ""),
        new("Transfer: the customer's own leg cannot be replaced: 400 bad.request", KnownFrom.Inferred, ""),
        new("Transfer: destination.address of a transfer to a queue is the queue's id", KnownFrom.Inferred, "the field is in the model, its text is not"),
        new("Conversation: disconnecting the flow's, queue's or customer's leg ends the conversation", KnownFrom.Inferred, ""),
        new("Conversation: DELETE and disconnect answer 202 without a body", KnownFrom.Inferred, "202 is documented for disconnect only"),
        new("Transfer: the last 20 transfers are kept", KnownFrom.Sdk, "recentTransfers description"),
        new("Routing: one point of priority is one minute of waiting", KnownFrom.Documented, "RoutingConversationAttributesRequest"),
        new("Routing: the free agent longest without a change of status is alerted first", KnownFrom.Inferred, "standard routing"),
        new("Routing: no answer: transfer.noanswer, NOT_RESPONDING, the next agent is tried", KnownFrom.Documented, "disconnect types and routing statuses; order inferred"),
        new("Routing: an agent is busy until the wrap-up is posted", KnownFrom.Inferred, ""),
        new("Routing: PATCH routing/conversations when not waiting: 400 bad.request", KnownFrom.Inferred, "only that it works in queue is documented"),
        new("Routing: routingStatus of a member only with expand", KnownFrom.Sdk, "expand parameter of the operation"),
        new("Routing: members are listed without total and pageCount", KnownFrom.Sdk, "as the SDK's sample reply"),
        new("Routing: an estimate without history has no estimatedWaitTimeSeconds", KnownFrom.Inferred, ""),
        new("Routing: assign answers 202", KnownFrom.Inferred, ""),
        new("Routing: setting INTERACTING, COMMUNICATING or NOT_RESPONDING is refused with general.bad.request", KnownFrom.Documented, "sentence from the swagger; which transitions is inferred"),
        new("Analytics: page size up to 100, interval up to 31 days", KnownFrom.Inferred, ""),
        new("Analytics: an empty page has no conversations member", KnownFrom.Inferred, ""),
        new("Analytics: counts of zero are left out of observations", KnownFrom.Inferred, ""),
        new("Analytics: reporting turns with intent.confidence, walked by after", KnownFrom.Sdk, "ReportingTurn model, operation parameters"),
        new("Analytics: sentiment: 404 until analyzed", KnownFrom.Documented, "normal for text channels"),
        new("Messages: more than 2000 characters: 400; exactly one of textBody, mediaIds, messagingTemplate", KnownFrom.Documented, "AdditionalMessage; the code bad.request is inferred"),
        new("Messages: sending on a communication that has ended: 400 bad.request", KnownFrom.Inferred, ""),
        new("Messages: typing answers 204", KnownFrom.Inferred, ""),
        new("Attributes: merged by key; null is conversation.error.participant.attribute.null", KnownFrom.Documented, "swagger of 2018"),
        new("Attributes: the /messages form answers the attributes, the other nothing", KnownFrom.Sdk, "ParticipantAttributes return type"),
        new("Events: EventBridge envelope, detail-type with a literal {id}, topicName with the real one", KnownFrom.Documented, "EventBridge integration guide"),
        new("Events: at least once, in order within a conversation", KnownFrom.Documented, "at least once; the order is inferred"),
        new("Events: detail events with epoch milliseconds and upper-case enums", KnownFrom.Sdk, "notification mappings"),
    ];
}
