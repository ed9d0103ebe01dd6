using Baton.Core;
using Baton.Core.Audit;

namespace Baton.Storage.Tests;

public sealed class AuditKeyTests : IDisposable
{
    readonly SqliteFolder folder = new();

    string KeyPath => AuditKey.PathBeside(folder.Database);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_key_lies_beside_the_database_and_only_its_owner_may_read_it()
    {
        using var key = AuditKey.OpenOrCreate(KeyPath);

        KeyPath.ShouldBe(Path.Combine(folder.Path, "audit.key"));
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void The_key_is_made_once_however_many_ask_at_once()
    {
        var ids = new string[20];
        Parallel.For(0, ids.Length, i =>
        {
            using var key = AuditKey.OpenOrCreate(KeyPath);
            ids[i] = key.Id;
        });

        ids.Distinct().Count().ShouldBe(1);
        Directory.GetFiles(folder.Path).ShouldBe([KeyPath]);
    }

    [Fact]
    public void A_key_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        AuditKey.OpenOrCreate(KeyPath).Dispose();
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Should.Throw<StoreException>(() => AuditKey.OpenOrCreate(KeyPath)).Message.ShouldContain("chmod 600");
    }

    [Fact]
    public void A_file_that_holds_no_key_is_named()
    {
        File.WriteAllText(KeyPath, "nonsense");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Should.Throw<StoreException>(() => AuditKey.OpenOrCreate(KeyPath)).Message.ShouldContain("holds no key");
    }
}
