namespace Baton.Core.Policies;

/// <summary>What must hold for a handoff, or it is refused.</summary>
public abstract record Guard(string Code, OnUnknown OnUnknown)
{
    public sealed record OfReading(string Code, Threshold Threshold, OnUnknown OnUnknown) : Guard(Code, OnUnknown);

    /// <summary>At least so many agents on queue (or free, among them) in one of the queues of the plan; queues that have nobody are left out.</summary>
    public sealed record Staff(int OnQueue, int Free, OnUnknown OnUnknown) : Guard("mustHaveStaff", OnUnknown);
}

public enum OnUnknown { Refuse, Pass }
