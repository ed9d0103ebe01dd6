using System.Globalization;
using Baton.Core;

namespace Baton.Storage.Sqlite;

/// <summary>Forward-only, numbered steps; each file of the folder Schema is one.</summary>
static class SqliteSchema
{
    sealed record Step(int Number, string Name, string Sql);

    static readonly Lazy<IReadOnlyList<Step>> Steps = new(ReadSteps);

    internal static int Newest => Steps.Value[^1].Number;

    public static void Migrate(SqliteSession session, string path)
    {
        var version = Version(session, path);
        if (version == Newest) return;
        session.Run("BEGIN IMMEDIATE");
        try
        {
            // Another process may have done it while we waited for the lock.
            version = Version(session, path);
            session.Run("CREATE TABLE IF NOT EXISTS schema_version (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT");
            foreach (var step in Steps.Value.Where(s => s.Number > version))
            {
                session.Run(step.Sql);
                session.Execute("INSERT INTO schema_version (number, name) VALUES (@number, @name)", ("@number", step.Number), ("@name", step.Name));
            }
            session.Run("COMMIT");
        }
        catch
        {
            if (!session.IsAutocommit) session.Run("ROLLBACK");
            throw;
        }
    }

    /// <summary>0 for an empty file.</summary>
    static int Version(SqliteSession session, string path)
    {
        var tables = session.Query("SELECT name FROM sqlite_schema WHERE type = 'table'", row => row.GetString(0));
        if (tables.Count == 0) return 0;
        if (!tables.Contains("schema_version")) throw new StoreException($"'{path}' is a SQLite file of another program; name a file of Baton's own.");
        var version = session.First("SELECT MAX(number) FROM schema_version", row => row.IsDBNull(0) ? 0 : row.GetInt32(0));
        if (version > Newest)
            throw new StoreException($"'{path}' was written by a newer Baton (schema {version}, this one knows up to {Newest}); run that version, or restore a backup made before the update.");
        return version;
    }

    static IReadOnlyList<Step> ReadSteps()
    {
        const string Folder = "Baton.Storage.Sqlite.Schema.";
        var assembly = typeof(SqliteSchema).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                var file = Path.GetFileNameWithoutExtension(name[Folder.Length..]);
                return new Step(int.Parse(file[..3], CultureInfo.InvariantCulture), file[4..], reader.ReadToEnd());
            })];
    }
}
