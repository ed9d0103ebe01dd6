using System.Text;
using Baton.Core;
using Baton.Storage.Sqlite;

namespace Baton.Storage.Tests;

public sealed class SqliteConformance : StoreConformance
{
    readonly SqliteFolder folder = new();

    protected override async Task<IBatonStore> OpenAsync() => await SqliteStore.OpenAsync(folder.Database, null, Ct);

    protected override Task TamperAsync(string sql)
    {
        SqliteFolder.Scalar(folder.Database, sql);
        return Task.CompletedTask;
    }

    protected override Task<string> DumpAuditAsync() => Task.FromResult(SqliteFolder.Direct(folder.Database, connection =>
    {
        var text = new StringBuilder();
        foreach (var table in (string[])["audit", "audit_head", "audit_checkpoint", "audit_checkpoint_head"])
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                for (var i = 0; i < reader.FieldCount; i++) text.Append(reader.GetValue(i)).Append('\n');
        }
        return text.ToString();
    }));

    protected override async Task AssertNowhereAsync(string text)
    {
        foreach (var file in Directory.GetFiles(folder.Path))
            (await File.ReadAllBytesAsync(file, Ct)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)).ShouldBe(-1, file);
    }

    protected override ValueTask CleanUpAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
