using Baton.Core;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Tests.Simulation;

/// <summary>One process's way to the platform: what can go wrong between the two goes wrong here.</summary>
sealed class SimulatedLine(SimulatedProcess process, SimulatedCenter center, SimulatedWorld world) : IContactCenter
{
    static readonly (string, double)[] readFaults = [("read503", 0.03), ("readTimedOut", 0.01), ("read429", 0.015), ("readMalformed", 0.01), ("read401", 0.003)];

    public string? Unsupported(PolicyFeature feature, Media media) => null;
    public Admission Admit(HandoffId handoff, int calls) => world.Draw(("notAdmitted", 0.05)) == 1 ? new Admission(world.Clock.GetUtcNow() + world.Seconds(1, 60)) : default;
    public bool Enqueues(RouteStep step, Media media) => world.Settings.Enqueues;

    public Task<ConversationView> ReadConversationAsync(string conversationId, CallPurpose purpose, CallFor call, CancellationToken ct) =>
        ReadAsync(conversationId, () => center.Show(conversationId), readFaults);

    public Task<QueueCheck> CheckQueueAsync(string queue, CallFor call, CancellationToken ct) => ReadAsync(null, () => center.Check(queue), readFaults);

    public Task<IReadOnlyList<GuestLine>> ReadGuestAsync(string guestId, string conversationId, CallFor call, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<GuestLine>>(conversationId, () => [new GuestLine("guest", "I need somebody.")], readFaults);

    public Task BriefAsync(string conversationId, string customerParticipantId, IReadOnlyDictionary<string, string> briefing, CallFor call, CancellationToken ct) =>
        ReadAsync(conversationId, () => true, readFaults);

    public Task<bool> SetRoutingAsync(string conversationId, RouteStep step, CallFor call, CancellationToken ct) => ReadAsync(conversationId, () => center.Waits(conversationId), readFaults);

    public Task<bool> WasToldAsync(string conversationId, string text, DateTimeOffset since, CallFor call, CancellationToken ct) =>
        ReadAsync(conversationId, () => center.WasTold(conversationId, text, since - TimeSpan.FromMinutes(1)), readFaults);

    public async Task<SendReply> BeginTransferAsync(TransferIntent intent, TransferWords? words, CallFor call, CancellationToken ct)
    {
        while (true)
        {
            var reply = await SendAsync(call, () => center.Transfer(intent, words, call.Handoff!.Value));
            if (!world.Settings.ResendsWithoutLooking || reply is not SendReply.Unknown) return reply;
        }
    }

    public Task<SendReply> TellAsync(string conversationId, string communicationId, string text, CallFor call, CancellationToken ct) =>
        SendAsync(call, () => center.Tell(conversationId, communicationId, text, call.Handoff!.Value));

    public Task<Conversation> ReadTranscriptAsync(string conversationId, CallFor call, CancellationToken ct) => throw new NotSupportedException("A handoff's runner does not read transcripts.");

    // Read again and again without harm, so its faults are all of one sort: no answer.
    Task<T> ReadAsync<T>(string? conversation, Func<T> read, (string, double)[] faults)
    {
        var fault = world.Draw(faults);
        var back = fault == 2 ? world.Seconds(5, 20) : world.Milliseconds(20, 300);
        return process.CallAsync(world.Milliseconds(20, 300), () => fault switch
        {
            0 => read(),
            1 => throw Trouble(FailureKind.Unavailable, null),
            2 => throw Trouble(FailureKind.ReplyLost, null),
            3 => throw Trouble(FailureKind.RateLimited, world.Random.Next(3) == 0 ? null : world.Clock.GetUtcNow() + world.Seconds(1, 90)),
            4 => throw Trouble(FailureKind.MalformedReply, null),
            _ => throw Trouble(FailureKind.Unauthorized, null),
        }, back, isOnTheWire: true);

        ContactCenterException Trouble(FailureKind kind, DateTimeOffset? notBefore)
        {
            if (conversation is not null) center.Note(conversation, LedgerKind.Trouble, e => e with { Failure = kind });
            return new ContactCenterException(kind, $"It was {kind}.") { NotBefore = notBefore };
        }
    }

    async Task<SendReply> SendAsync(CallFor call, Func<SendReply> arrives)
    {
        // The quota may hold a call back; then its deadline is looked at, and it goes on the wire.
        if (world.Draw(("heldBack", 0.05)) == 1) await process.PauseAsync(world.Seconds(1, 15));
        if (world.Clock.GetUtcNow() > call.NotAfter) return new SendReply.NotNow(null, "It came too late to be sent.");
        var fault = world.Draw(("lostOnTheWayThere", 0.03), ("lostOnTheWayBack", 0.05), ("answered503AfterIt", 0.03));
        var there = world.Settings.BeyondSettle && world.Draw(("pausedBeforeTheSocket", 0.05)) == 1 ? world.Seconds(1, 100) : world.Milliseconds(20, 1000);
        var back = fault is 1 or 2 ? world.Seconds(0.05, 20) : world.Milliseconds(20, 300);
        return await process.CallAsync(there, () => fault switch
        {
            1 => new SendReply.Unknown(FailureKind.ReplyLost, "No answer came."),
            2 when arrives() is not null => new SendReply.Unknown(FailureKind.ReplyLost, "No answer came."),
            3 when arrives() is not null => new SendReply.Unknown(FailureKind.Unavailable, "The platform answered 503."),
            _ => arrives(),
        }, back, isOnTheWire: true);
    }
}
