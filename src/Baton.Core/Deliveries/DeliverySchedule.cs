namespace Baton.Core.Deliveries;

/// <summary>When a delivery that was not taken is sent again: the times that the Standard Webhooks specification recommends, about three days in all.</summary>
public static class DeliverySchedule
{
    static readonly TimeSpan[] pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>A receiver that asks for more than this is not obeyed: its clock or its mind is wrong.</summary>
    public static TimeSpan LongestWish { get; } = TimeSpan.FromHours(24);

    public static int MostAttempts => pauses.Length + 1;

    /// <summary>The pause after so many sendings; null: given up.</summary>
    /// <param name="wish">The receiver's <c>Retry-After</c>.</param>
    /// <param name="spread">0 to 1: up to a fifth is added.</param>
    public static TimeSpan? Next(int attempts, TimeSpan? wish, double spread)
    {
        if (attempts >= MostAttempts) return null;
        var pause = pauses[attempts - 1] * (1 + 0.2 * spread);
        var wished = wish is not { } asked ? TimeSpan.Zero : asked > LongestWish ? LongestWish : asked;
        return wished > pause ? wished : pause;
    }
}
