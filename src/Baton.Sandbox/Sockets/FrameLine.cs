namespace Baton.Sandbox.Sockets;

/// <summary>The way to one client, where frames may get lost, come twice, late or out of order. Used under the organization's lock.</summary>
sealed class FrameLine(World world, Action<string> write)
{
    static readonly TimeSpan HoldAtMost = TimeSpan.FromSeconds(1);

    (string Frame, Timing.Appointment Flush)? held;

    public void Post(string frame, IReadOnlyList<Fault> faults)
    {
        if (Struck(FaultKind.FrameDropped) is not null) return;
        if (Struck(FaultKind.FrameDelayed) is { } late)
        {
            world.Agenda.After(TimeSpan.FromMilliseconds(late.Milliseconds), () => write(frame));
            return;
        }
        if (Struck(FaultKind.FrameReordered) is not null && held is null)
        {
            held = (frame, world.Agenda.After(HoldAtMost, Release));
            return;
        }
        write(frame);
        if (Struck(FaultKind.FrameDuplicated) is not null) write(frame);
        Release();

        Fault? Struck(FaultKind kind) => faults.FirstOrDefault(f => f.Kind == kind);
    }

    void Release()
    {
        if (held is not { } waiting) return;
        held = null;
        waiting.Flush.Cancel();
        write(waiting.Frame);
    }
}
