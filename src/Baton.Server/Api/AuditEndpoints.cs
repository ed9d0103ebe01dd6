using System.Text;
using System.Text.Json;
using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

static class AuditEndpoints
{
    const string JsonLines = "application/x-ndjson";
    const int MostEntries = 1000;
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        var audit = app.MapPart("/v1/audit", "Audit", Role.Supervisor);
        audit.MapGet("/", Tail).Answers<EntriesShown>("listAudit", "The newest entries of the trail, newest last; with after, those that follow a number.", 400);
        audit.MapPost("/verify", Verify).Answers<AuditReport>("verifyAudit", "Recompute every hash. A changed, missing or reordered entry is named.");
        audit.MapGet("/export", Export).Answers("exportAudit", "The trail as JSON lines; 'baton audit verify --file' checks them anywhere.").Produces(StatusCodes.Status200OK, contentType: JsonLines);
    }

    static async Task<IResult> Tail(int? limit, long? after, BatonSystem system, CancellationToken ct)
    {
        if (Paging.Fault(limit, MostEntries) is { } fault) return fault;
        var count = limit ?? Paging.Usual;
        var entries = await system.Store.ReadAuditAfterAsync(after ?? Math.Max(0, await system.Store.LastAuditNumberAsync(ct) - count), count, ct);
        return Results.Ok(new EntriesShown([.. entries.Select(EntryShown.Of)]));
    }

    static async Task<IResult> Verify(BatonSystem system, CancellationToken ct) => Results.Ok(await VerifyAsync(system, ct));

    public static async Task<AuditReport> VerifyAsync(BatonSystem system, CancellationToken ct)
    {
        var path = AuditKey.PathBeside(system.Settings.StorePath);
        using var key = File.Exists(path) ? AuditKey.OpenOrCreate(path) : null;
        return await AuditVerifier.VerifyAsync(system.Store, key, null, ct);
    }

    static IResult Export(string? conversationId, BatonSystem system, CancellationToken ct) => Results.Stream(async stream =>
    {
        await using var file = new StreamWriter(stream, utf8, leaveOpen: true);
        if (conversationId is null) await AuditFile.ExportAsync(system.Store, file, ct);
        else await foreach (var entry in system.Store.ReadAuditAsync(conversationId, ct)) await file.WriteLineAsync(AuditFile.LineOf(entry).AsMemory(), ct);
    }, JsonLines);
}

sealed record EntriesShown(IReadOnlyList<EntryShown> Items);

/// <param name="Entry">Its number over all chains: what the stream's ids are.</param>
/// <param name="Facts">Ids, states and codes; what they are depends on the kind.</param>
sealed record EntryShown(long Entry, string Chain, long Sequence, DateTimeOffset At, string Kind, JsonElement Facts, string Hash)
{
    public static EntryShown Of(NumberedEntry numbered)
    {
        var e = numbered.Entry;
        using var facts = JsonDocument.Parse(e.Facts);
        return new EntryShown(numbered.Number, e.Chain, e.Sequence, e.At, e.Kind, facts.RootElement.Clone(), e.Hash);
    }
}
