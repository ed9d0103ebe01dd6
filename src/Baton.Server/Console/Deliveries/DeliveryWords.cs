using Baton.Core.Deliveries;

namespace Baton.Server.Console.Deliveries;

static class DeliveryWords
{
    public static string Of(DeliveryState state) => state switch { DeliveryState.Pending => "On its way", DeliveryState.Delivered => "Delivered", _ => "Failed" };

    public static string ToneOf(Delivery delivery) => delivery.State switch { DeliveryState.Delivered => "good", DeliveryState.Dead => "bad", _ => delivery.Attempts > 0 ? "warn" : "going" };
}
