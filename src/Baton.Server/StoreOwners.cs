using System.Diagnostics;
using Baton.Core;

namespace Baton.Server;

public static class StoreOwners
{
    /// <summary>This process as an owner of a store: its id alone would not do, because ids come round again.</summary>
    public static StoreOwner ThisProcess(string? address)
    {
        using var process = Process.GetCurrentProcess();
        return new StoreOwner(Environment.ProcessId, process.StartTime.ToUniversalTime().ToString("O"), address);
    }
}
