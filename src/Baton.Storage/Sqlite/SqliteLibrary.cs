using System.Reflection;
using System.Runtime.InteropServices;
using Baton.Core;
using SQLitePCL;

namespace Baton.Storage.Sqlite;

/// <summary>
/// The operating system's SQLite, which its distribution keeps patched. The packaged one is of 2021: without STRICT tables, with known vulnerabilities.
/// </summary>
static class SqliteLibrary
{
    const int Least = 3_037_000; // STRICT tables

    static readonly Lazy<string> Loaded = new(Load);

    /// <summary>The version that is in use. Loads the library once a process.</summary>
    public static string Use() => Loaded.Value;

    static string Load()
    {
        var library = Find(Names());
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? library : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        var version = raw.sqlite3_libversion().utf8_to_string();
        Check(raw.sqlite3_libversion_number(), version);
        return version;
    }

    internal static nint Find(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.System32, out var library)) return library;
        throw new StoreException($"SQLite is not installed on this machine; {HowToInstall()}.");
    }

    internal static void Check(int number, string version)
    {
        if (number < Least) throw new StoreException($"SQLite {version} is too old, Baton needs 3.37 or newer; {HowToInstall()}.");
    }

    static IReadOnlyList<string> Names() =>
        OperatingSystem.IsWindows() ? ["winsqlite3"]
        : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"]
        : ["libsqlite3.so.0", "libsqlite3.so"];

    static string HowToInstall() =>
        OperatingSystem.IsWindows() ? "update Windows, which brings winsqlite3.dll"
        : OperatingSystem.IsMacOS() ? "update macOS, which brings libsqlite3.dylib"
        : "install it: apt-get install libsqlite3-0 (Debian, Ubuntu), dnf install sqlite-libs (Fedora, RHEL), apk add sqlite-libs (Alpine)";
}
