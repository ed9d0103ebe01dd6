namespace Baton.Sandbox.Http;

/// <param name="Permissions">Nobody is refused when empty.</param>
/// <param name="NeedsAll">False: one of the permissions is enough.</param>
sealed record Operation(string Method, string Route, IReadOnlyList<string> Permissions, bool NeedsAll, Func<Call, Answer> Handle)
{
    /// <summary>No bearer token, no quota: the login host.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The guide flavor names scopes where the platform names permissions.</summary>
    public bool WantsScopes { get; init; }
    public Bucket? Bucket { get; init; }

    public void RequirePermissions(OAuthClient client)
    {
        if (Permissions.Count == 0) return;
        var missing = Permissions.Where(p => !(WantsScopes ? client.HasScope(p) : client.Has(p))).ToList();
        if (NeedsAll ? missing.Count > 0 : missing.Count == Permissions.Count) throw Refusals.MissingPermissions(missing, any: !NeedsAll && Permissions.Count > 1);
    }
}

/// <summary>Collects operations under /api/v2 and maps each onto the one pipeline.</summary>
sealed class ApiRoutes(IEndpointRouteBuilder builder, Pipeline pipeline)
{
    public const string Prefix = "/api/v2";

    public void Any(string method, string path, string permissions, Func<Call, Answer> handle) => Map(method, path, permissions, all: false, handle);

    public void All(string method, string path, string permissions, Func<Call, Answer> handle) => Map(method, path, permissions, all: true, handle);

    public void Scoped(string method, string path, string scope, Func<Call, Answer> handle, Bucket? bucket = null) =>
        Map(new Operation(method, Prefix + path, [scope], NeedsAll: true, handle) { WantsScopes = true, Bucket = bucket });

    /// <summary>No client of the organization: the handler itself finds out who asks.</summary>
    public void Open(string method, string path, Func<Call, Answer> handle) => Map(new Operation(method, Prefix + path, [], NeedsAll: false, handle) { IsOpen = true });

    void Map(string method, string path, string permissions, bool all, Func<Call, Answer> handle) =>
        Map(new Operation(method, Prefix + path, permissions.Split(' ', StringSplitOptions.RemoveEmptyEntries), all, handle));

    void Map(Operation operation)
    {
        builder.MapMethods(operation.Route, [operation.Method], http => pipeline.ServeAsync(http, operation));
    }
}
