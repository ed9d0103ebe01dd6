using System.Text.Json;
using Baton.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Baton.Server;

/// <summary>Errors as problem+json with a stable code and a sentence a person can act on.</summary>
static class Problems
{
    // What the caller did wrong, or the store's trouble, which has a log line of its own, is no stack trace in the log.
    public static ExceptionHandlerOptions Handler => new() { ExceptionHandler = AnswerAsync, SuppressDiagnosticsCallback = c => c.Exception is BadHttpRequestException or StoreException };

    static Task AnswerAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = error switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Of(StatusCodes.Status400BadRequest, "invalid.json", $"The body cannot be read at {json.Path ?? "$"}, line {json.LineNumber + 1}: {Plainly(json)}"),
            BadHttpRequestException e => Of(e.StatusCode, "bad.request", e.Message),
            StoreException e => Of(StatusCodes.Status503ServiceUnavailable, "store.unavailable", e.Message),
            _ => Of(StatusCodes.Status500InternalServerError, "internal", "Something broke here; the log has the details."),
        };
        return problem.ExecuteAsync(context);
    }

    // The serializer's sentence up to where it repeats path and line; names of our types are of no use to a caller.
    static string Plainly(JsonException json)
    {
        var said = json.Message.Split(" Path:")[0];
        return said.Contains("Baton.", StringComparison.Ordinal) ? "this value is not allowed here." : said;
    }

    /// <summary>Several fields are wrong: each with its sentence.</summary>
    public static IResult Of(int status, string code, IReadOnlyList<Core.Assist.FieldFault> faults) =>
        Results.Problem(string.Join(" ", faults.Select(f => f.Sentence)), statusCode: status, extensions: new Dictionary<string, object?>
        {
            ["code"] = code,
            ["errors"] = faults.GroupBy(f => f.Field).ToDictionary(g => g.Key, g => g.Select(f => f.Sentence).ToArray()),
        });

    public static IResult Of(int status, string code, string sentence) =>
        Results.Problem(sentence, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
