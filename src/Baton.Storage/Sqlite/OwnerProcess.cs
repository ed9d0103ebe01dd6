using System.Diagnostics;
using System.Globalization;
using Baton.Core;

namespace Baton.Storage.Sqlite;

/// <summary>
/// Which process owns a file: its id, and when it started, because ids are used again. Processes are looked up on this machine: two containers
/// that share a file do not see each other's, which is why a file on a shared volume belongs to PostgreSQL instead.
/// </summary>
public static class OwnerProcess
{
    /// <summary>This process, as <see cref="IBatonStore.TakeOwnershipAsync"/> wants it.</summary>
    public static StoreOwner Me(string? address) => Of(Environment.ProcessId, address)!;

    internal static StoreOwner? Of(int process, string? address) => Started(process) is { } started ? new StoreOwner(process, started, address) : null;

    internal static bool IsAlive(StoreOwner owner) => Started(owner.Process) == owner.Started;

    /// <summary>Null when there is no such process.</summary>
    static string? Started(int process) => OperatingSystem.IsLinux() ? FromProc(process) : FromSystem(process);

    // The kernel's own count, with the boot it counts from: what Process.StartTime derives from it moves with the wall clock.
    static string? FromProc(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            // The second field is the program's name in parentheses and may hold anything; the 22nd is the start, the 3rd the state.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{fields[19]}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static string? FromSystem(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
