using Baton.Core.Assist;
using Baton.Core.Handoffs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Baton.Server.Api;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>: the same on every machine, so that it can be checked in.</summary>
static class ApiDocument
{
    public const string Name = "v1";
    const string Scheme = "key";

    /// <summary>Written when it is first asked for: most servers never are.</summary>
    public static void MapDocument(this IEndpointRouteBuilder app)
    {
        Task<byte[]>? document = null;
        app.MapGet($"/openapi/{Name}.json", async (BatonSystem system) => Results.Bytes(await (document ??= BatonServer.DescribeAsync(system)), "application/json;charset=utf-8")).ForAnyone().ExcludeFromDescription();
    }

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Baton", Version = Name, Description = "Hands conversations from a bot to a human: decides by a policy, transfers exactly once, assists the agent. See docs/api.md." };
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key from 'baton keys create'." };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var rule = context.Description.ActionDescriptor.EndpointMetadata.OfType<AccessRule>().LastOrDefault() ?? AccessRule.Strictest;
            if (rule.Least is not { } least) return Task.CompletedTask;
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            operation.Description = $"Needs the role {least.ToString().ToLowerInvariant()}.";
            if (!string.Equals(context.Description.HttpMethod, "POST", StringComparison.OrdinalIgnoreCase)) return Task.CompletedTask;
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = RepeatedRequests.Header,
                In = ParameterLocation.Header,
                Description = "The same request under the same key is carried out once.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
            });
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Ids are written as their text, and so are the names of states.
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type.IsEnum || type == typeof(HandoffId) || type == typeof(AssistRequestId) || type == typeof(SuggestionId)) schema.Type = JsonSchemaType.String;
            // What is null is left out, so only what never is can be relied on.
            foreach (var property in context.JsonTypeInfo.Properties.Where(p => p.IsGetNullable || Nullable.GetUnderlyingType(p.PropertyType) is not null)) schema.Required?.Remove(property.Name);
            return Task.CompletedTask;
        });
    }
}
