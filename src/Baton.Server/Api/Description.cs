using Baton.Core.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Api;

/// <summary>What the OpenAPI document says of an endpoint.</summary>
static class Description
{
    const string ProblemJson = "application/problem+json";

    /// <summary>A part of the API under one path, for this role and those above it.</summary>
    public static RouteGroupBuilder MapPart(this IEndpointRouteBuilder app, string path, string name, Role least)
    {
        var part = app.MapGroup(path).WithTags(name).For(least);
        foreach (var status in (int[])[StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests])
            part.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [ProblemJson]));
        return part;
    }

    /// <param name="name">What a generated client calls it.</param>
    /// <param name="problems">The statuses it may answer with besides those that every endpoint has.</param>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, string name, string summary, params IReadOnlyList<int> problems) =>
        endpoint.Answers(name, summary, problems).Produces<T>();

    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, string name, string summary, params IReadOnlyList<int> problems)
    {
        endpoint.WithName(name).WithSummary(summary);
        foreach (var status in problems) endpoint.Produces<Problem>(status, ProblemJson);
        return endpoint;
    }
}
