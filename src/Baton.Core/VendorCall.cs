namespace Baton.Core;

/// <summary>A call to the contact center's API as it was answered: for whoever looks into a handoff, and for the vendor's support. Neither body nor query is kept.</summary>
/// <param name="At">When it went out.</param>
/// <param name="Status">The HTTP status; null: no answer came.</param>
/// <param name="CorrelationId">The vendor's own id of the call, where it gave one.</param>
public sealed record VendorCall(DateTimeOffset At, string Method, string Path, int? Status, int Milliseconds, string? CorrelationId);

/// <summary>Collects the calls that are made for a step of a handoff, repeated ones too; they are stored with what came of them. What a killed process had collected is lost with it.</summary>
public sealed class CallNotes
{
    /// <summary>Kept of one step; more would be a fault of ours, and not fill the store.</summary>
    public const int Most = 20;

    readonly Lock gate = new();
    List<VendorCall> calls = [];

    public void Add(VendorCall call)
    {
        lock (gate)
            if (calls.Count < Most) calls.Add(call);
    }

    /// <summary>What was collected since the last time, in the order of the answers.</summary>
    public IReadOnlyList<VendorCall> Take()
    {
        lock (gate)
        {
            if (calls.Count == 0) return [];
            var taken = calls;
            calls = [];
            return taken;
        }
    }
}
