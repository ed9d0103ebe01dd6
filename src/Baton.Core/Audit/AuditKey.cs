using System.Security.Cryptography;

namespace Baton.Core.Audit;

/// <summary>
/// The key checkpoints are signed with (ECDSA, P-256), or only its public half, which is enough to verify. The private half lies in a file that only the user Baton
/// runs as may read; keep it from whoever administers the database, or a checkpoint proves nothing against them.
/// </summary>
public sealed class AuditKey : IDisposable
{
    const string FileName = "audit.key";

    readonly ECDsa key;

    AuditKey(ECDsa key)
    {
        this.key = key;
        PublicPem = key.ExportSubjectPublicKeyInfoPem();
        Id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
    }

    /// <summary>The start of the SHA-256 of the public key: which key signed.</summary>
    public string Id { get; }

    /// <summary>To be given to whoever verifies elsewhere.</summary>
    public string PublicPem { get; }

    /// <summary>Where the key of a database file lies when nothing else is said.</summary>
    public static string PathBeside(string databasePath) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(databasePath))!, FileName);

    public static AuditKey New() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Either half, as PEM.</summary>
    public static AuditKey FromPem(string pem)
    {
        var imported = ECDsa.Create();
        try
        {
            imported.ImportFromPem(pem);
            return new AuditKey(imported);
        }
        catch
        {
            imported.Dispose();
            throw;
        }
    }

    /// <summary>The key of the file, which is made when it is not there.</summary>
    /// <exception cref="StoreException">The file cannot be read, holds no key, or others may read it.</exception>
    public static AuditKey OpenOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path)) Create(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
                throw new StoreException($"Others than its owner may use '{path}', with which checkpoints are signed; take their rights away: chmod 600 '{path}'.");
            return FromPem(File.ReadAllText(path));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new StoreException($"'{path}' holds no key; restore it from a backup, or move it away and a new one is made (older checkpoints then need the old public key).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"'{path}' cannot be read or made ({e.Message}); check its folder and its rights.", e);
        }
    }

    // Written whole beside its place and then moved there: another process sees no key or a whole one.
    static void Create(string path)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var beside = $"{path}.{Guid.NewGuid():n}";
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(beside, how)) file.Write(made.ExportPkcs8PrivateKeyPem());
        try
        {
            File.Move(beside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was quicker: its key is the key.
            File.Delete(beside);
        }
    }

    internal string Sign(string digest) => Convert.ToBase64String(key.SignData(Signed(digest), HashAlgorithmName.SHA256));

    internal bool Verify(string digest, string signature)
    {
        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, bytes, out var length) && key.VerifyData(Signed(digest), bytes.AsSpan(0, length), HashAlgorithmName.SHA256);
    }

    // The purpose is signed too: a signature made for something else is none here.
    static byte[] Signed(string digest) => System.Text.Encoding.UTF8.GetBytes("baton audit checkpoint 1\n" + digest);

    public void Dispose() => key.Dispose();
}
