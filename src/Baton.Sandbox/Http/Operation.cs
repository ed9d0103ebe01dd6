namespace Baton.Sandbox.Http;

/// <param name="Permissions">Nobody is refused when empty.</param>
/// <param name="NeedsAll">False: one of the permissions is enough.</param>
sealed record Operation(string Method, string Route, IReadOnlyList<string> Permissions, bool NeedsAll, Func<Call, Answer> Handle)
{
    /// <summary>No bearer token, no quota: the login host.</summary>
    public bool IsOpen { get; init; }

    public void RequirePermissions(OAuthClient client)
    {
        if (Permissions.Count == 0) return;
        var missing = Permissions.Where(p => !client.Has(p)).ToList();
        if (NeedsAll ? missing.Count > 0 : missing.Count == Permissions.Count) throw Refusals.MissingPermissions(missing, any: !NeedsAll && Permissions.Count > 1);
    }
}

/// <summary>Collects operations under /api/v2 and maps each onto the one pipeline.</summary>
sealed class ApiRoutes(IEndpointRouteBuilder builder, Pipeline pipeline)
{
    public const string Prefix = "/api/v2";

    public void Any(string method, string path, string permissions, Func<Call, Answer> handle) => Map(method, path, permissions, all: false, handle);

    public void All(string method, string path, string permissions, Func<Call, Answer> handle) => Map(method, path, permissions, all: true, handle);

    void Map(string method, string path, string permissions, bool all, Func<Call, Answer> handle)
    {
        var operation = new Operation(method, Prefix + path, permissions.Split(' ', StringSplitOptions.RemoveEmptyEntries), all, handle);
        builder.MapMethods(operation.Route, [method], http => pipeline.ServeAsync(http, operation));
    }
}
