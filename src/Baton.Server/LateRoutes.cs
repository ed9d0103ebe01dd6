using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server;

/// <summary>
/// Takes the place of the framework's methods of the same names here: what binds a request to a handler's parameters is compiled by an endpoint's first request, not for all of them by the
/// server's first.
/// </summary>
static class LateRoutes
{
    public static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder app, string pattern, Delegate handler) => Map(app, HttpMethods.Get, pattern, handler, null);

    public static RouteHandlerBuilder MapPost(this IEndpointRouteBuilder app, string pattern, Delegate handler) => Map(app, HttpMethods.Post, pattern, handler, null);

    /// <param name="bound">Does what binding the handler would, without it: for what is asked before anything else.</param>
    public static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder app, string pattern, Delegate handler, RequestDelegate bound) => Map(app, HttpMethods.Get, pattern, handler, bound);

    static RouteHandlerBuilder Map(IEndpointRouteBuilder app, string method, string pattern, Delegate handler, RequestDelegate? bound) =>
        RouteHandlerServices.Map(app, pattern, handler, [method], Describe, (given, options, _) =>
        {
            var late = new Lazy<RequestDelegate>(() => bound ?? RequestDelegateFactory.Create(given, options).RequestDelegate);
            return new RequestDelegateResult(context => late.Value(context), options.EndpointBuilder!.Metadata.AsReadOnly());
        });

    // What a handler takes and answers with, for the document alone.
    static RequestDelegateMetadataResult Describe(MethodInfo handler, RequestDelegateFactoryOptions? options) => options?.ServiceProvider?.GetService(typeof(Described)) is null
        ? new RequestDelegateMetadataResult { EndpointMetadata = [] }
        : RequestDelegateFactory.InferMetadata(handler, options);

    /// <summary>Registered where endpoints are to be described and not served.</summary>
    public sealed class Described;
}
