using Baton.Core.Deliveries;

namespace Baton.Server.Console.Deliveries;

/// <summary>The filters in the address; what cannot be read is no filter.</summary>
/// <param name="Before">The last delivery of the page before.</param>
public sealed record DeliverySearch(DeliveryState? State, string? Target, string? Before)
{
    public const int Page = 50;

    public bool IsFiltered => State is not null || Target is not null;

    /// <summary>One more than a page, to see whether there are more.</summary>
    public DeliveryFilter Filter => new() { State = State, Target = Target, Before = Before, Limit = Page + 1 };

    public static DeliverySearch Of(string? state, string? target, string? before) => new(
        Enum.TryParse<DeliveryState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null,
        string.IsNullOrWhiteSpace(target) ? null : target,
        string.IsNullOrWhiteSpace(before) ? null : before);

    public string Address(string? before = null)
    {
        var query = new (string Name, string? Value)[] { ("state", State?.ToString().ToLowerInvariant()), ("target", Target), ("before", before) };
        return $"/deliveries?{string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"))}".TrimEnd('?');
    }
}
