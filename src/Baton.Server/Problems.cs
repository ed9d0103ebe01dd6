using Baton.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Baton.Server;

/// <summary>Errors as problem+json with a stable code and a sentence a person can act on.</summary>
static class Problems
{
    public static void Answer(IApplicationBuilder app) => app.Run(context =>
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = error switch
        {
            BadHttpRequestException e => Of(e.StatusCode, "bad.request", e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message),
            StoreException e => Of(StatusCodes.Status503ServiceUnavailable, "store.unavailable", e.Message),
            _ => Of(StatusCodes.Status500InternalServerError, "internal", "Something broke here; the log has the details."),
        };
        return problem.ExecuteAsync(context);
    });

    public static IResult Of(int status, string code, string sentence) =>
        Results.Problem(sentence, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
