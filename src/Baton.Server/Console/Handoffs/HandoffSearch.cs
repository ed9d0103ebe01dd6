using System.Globalization;
using Baton.Core;
using Baton.Core.Handoffs;

namespace Baton.Server.Console.Handoffs;

/// <summary>The filters in the address. What cannot be read is no filter: a shortened link still shows something.</summary>
public sealed record HandoffSearch(HandoffState? State, bool LiveOnly, string? Queue, string? Since, HandoffId? Before, string? Conversation)
{
    public const int Page = 50;

    static readonly (string Name, TimeSpan Span)[] spans = [("1h", TimeSpan.FromHours(1)), ("24h", TimeSpan.FromDays(1)), ("7d", TimeSpan.FromDays(7))];
    public static IReadOnlyList<(string Name, string Words)> Spans { get; } = [("1h", "last hour"), ("24h", "last 24 hours"), ("7d", "last 7 days")];

    public string? StateName => LiveOnly ? "live" : State?.ToString();

    public bool IsFiltered => StateName is not null || Queue is not null || Since is not null || Conversation is not null;

    public static HandoffSearch Of(string? state, string? queue, string? since, string? before, string? conversation) => new(
        Enum.TryParse<HandoffState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null,
        state == "live",
        string.IsNullOrWhiteSpace(queue) ? null : queue,
        spans.Any(s => s.Name == since) ? since : null,
        HandoffId.TryParse(before, CultureInfo.InvariantCulture, out var id) ? id : null,
        string.IsNullOrWhiteSpace(conversation) ? null : conversation.Trim());

    /// <summary>One more than a page, to see whether there are more.</summary>
    public HandoffFilter Filter(DateTimeOffset now) => new()
    {
        State = State,
        LiveOnly = LiveOnly,
        Queue = Queue,
        ConversationId = Conversation,
        Since = spans.Where(s => s.Name == Since).Select(s => (DateTimeOffset?)(now - s.Span)).FirstOrDefault(),
        Before = Before,
        Limit = Page + 1,
    };

    /// <summary>The address of the page behind this handoff.</summary>
    public string AddressAfter(HandoffId last)
    {
        var query = new (string Name, string? Value)[] { ("state", StateName), ("queue", Queue), ("since", Since), ("conversation", Conversation), ("before", last.ToString()) };
        return $"/handoffs?{string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"))}";
    }
}
