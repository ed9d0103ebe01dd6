using Baton.Core;
using Baton.Core.Audit;

namespace Baton.Tests.Audit;

public sealed class AuditKeyTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baton-key-");

    string KeyPath => AuditKey.PathBeside(Path.Combine(folder.FullName, "baton.db"));

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_key_lies_beside_the_database_and_only_its_owner_may_read_it()
    {
        using var key = AuditKey.OpenOrCreate(KeyPath);

        KeyPath.ShouldBe(Path.Combine(folder.FullName, "audit.key"));
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void The_key_of_the_file_stays_the_same()
    {
        using var made = AuditKey.OpenOrCreate(KeyPath);
        using var found = AuditKey.OpenOrCreate(KeyPath);

        (found.Id, found.PublicPem).ShouldBe((made.Id, made.PublicPem));
        found.Id.ShouldMatch("^[0-9a-f]{16}$");
        using var other = AuditKey.New();
        other.Id.ShouldNotBe(made.Id);
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
        Directory.GetFiles(folder.FullName).ShouldBe([KeyPath]);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.UserExecute)]
    public void A_key_others_may_read_is_refused(UnixFileMode more)
    {
        if (OperatingSystem.IsWindows()) return;
        AuditKey.OpenOrCreate(KeyPath).Dispose();
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        Should.Throw<StoreException>(() => AuditKey.OpenOrCreate(KeyPath)).Message.ShouldBe($"Others than its owner may use '{KeyPath}', with which checkpoints are signed; take their rights away: chmod 600 '{KeyPath}'.");
    }

    [Fact]
    public void A_key_only_its_owner_may_read_is_taken_though_it_cannot_be_written()
    {
        if (OperatingSystem.IsWindows()) return;
        AuditKey.OpenOrCreate(KeyPath).Dispose();
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead);

        Should.NotThrow(() => AuditKey.OpenOrCreate(KeyPath).Dispose());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void A_file_that_holds_no_key_is_named(string text)
    {
        File.WriteAllText(KeyPath, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Should.Throw<StoreException>(() => AuditKey.OpenOrCreate(KeyPath)).Message.ShouldBe($"'{KeyPath}' holds no key; restore it from a backup, or move it away and a new one is made (older checkpoints then need the old public key).");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var path = Path.Combine(folder.FullName, "none", "audit.key");

        var said = Should.Throw<StoreException>(() => AuditKey.OpenOrCreate(path)).Message;
        said.ShouldStartWith($"'{path}' cannot be read or made (");
        said.ShouldEndWith("); check its folder and its rights.");
    }

    /// <summary>The bytes that are signed are a promise to whoever wrote a verifier of their own.</summary>
    [Fact]
    public void What_is_signed_is_the_purpose_and_the_digest()
    {
        using var key = AuditKey.New();
        using var elsewhere = System.Security.Cryptography.ECDsa.Create();
        elsewhere.ImportFromPem(key.PublicPem);
        var signed = Trail.Of(("a", 1)).Checkpoint(key);

        elsewhere.VerifyData("baton audit checkpoint 1\n"u8.ToArray().Concat(System.Text.Encoding.UTF8.GetBytes(signed.Digest)).ToArray(), Convert.FromBase64String(signed.Signature), System.Security.Cryptography.HashAlgorithmName.SHA256).ShouldBeTrue();
    }
}
