using System.Text.Json;
using System.Text.RegularExpressions;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Server.Api;
using Baton.Server.Console;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Baton.Server;

/// <summary>Errors as problem+json with a stable code and a sentence a person can act on.</summary>
static partial class Problems
{
    const string ContentType = "application/problem+json";

    // What the caller did wrong, the vendor's answer, or the store's trouble, which has a log line of its own, is no stack trace in the log.
    public static ExceptionHandlerOptions Handler => new() { ExceptionHandler = AnswerAsync, SuppressDiagnosticsCallback = c => c.Exception is BadHttpRequestException or StoreException or ContactCenterException };

    static Task AnswerAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (error is ContactCenterException { NotBefore: { } open }) context.Response.Headers.RetryAfter = RetryAfter(context, open);
        var problem = error switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Of(StatusCodes.Status400BadRequest, "invalid.json", $"The body cannot be read at {json.Path ?? "$"}, line {json.LineNumber + 1}: {Plainly(json)}"),
            BadHttpRequestException e when Unbound().Match(e.Message) is { Success: true } unbound => Of(StatusCodes.Status400BadRequest, "invalid.parameter", $"{unbound.Groups["name"]} is '{unbound.Groups["value"]}', which cannot be read."),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } => Of(StatusCodes.Status400BadRequest, "bad.request", "The request cannot be read; a JSON body is expected here."),
            BadHttpRequestException e => OfStatus(e.StatusCode),
            StoreException e => Of(StatusCodes.Status503ServiceUnavailable, "store.unavailable", e.Message),
            ContactCenterException e => Of(StatusOf(e.Kind), $"platform.{JsonNamingPolicy.CamelCase.ConvertName(e.Kind.ToString())}", $"{e.Message} {Failures.WhatToDo(e.Kind)}"),
            _ => Of(StatusCodes.Status500InternalServerError, "internal", "Something broke here; the log has the details."),
        };
        return problem.ExecuteAsync(context);
    }

    static string RetryAfter(HttpContext context, DateTimeOffset open)
    {
        var time = ((BatonSystem)context.RequestServices.GetService(typeof(BatonSystem))!).Time;
        return $"{Math.Max(1, Math.Ceiling((open - time.GetUtcNow()).TotalSeconds)):0}";
    }

    static int StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.ConversationNotFound or FailureKind.QueueNotFound or FailureKind.GuestNotFound or FailureKind.NobodyOnCall => StatusCodes.Status404NotFound,
        FailureKind.MalformedId or FailureKind.WrongMedia or FailureKind.Unsupported => StatusCodes.Status400BadRequest,
        FailureKind.RateLimited or FailureKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        FailureKind.ReplyLost or FailureKind.TimedOut => StatusCodes.Status504GatewayTimeout,
        FailureKind.Unauthorized or FailureKind.MissingPermission or FailureKind.MalformedReply or FailureKind.BadRequest => StatusCodes.Status502BadGateway,
        _ => StatusCodes.Status409Conflict,
    };

    // The framework's only word for it; the name of our type is of no use to a caller.
    [GeneratedRegex("""^Failed to bind parameter "(?:.* )?(?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unbound();

    // The serializer's sentence up to where it repeats path and line; names of types are of no use to a caller.
    static string Plainly(JsonException json)
    {
        var said = json.Message.Split(" Path:")[0];
        return said.Contains("Baton.", StringComparison.Ordinal) || said.Contains("System.", StringComparison.Ordinal) ? "this value is not allowed here." : said;
    }

    /// <summary>Several fields are wrong: each with its sentence.</summary>
    public static IResult Of(int status, string code, IReadOnlyList<FieldFault> faults) =>
        Write(new Problem(ReasonPhrases.GetReasonPhrase(status), status, string.Join(" ", faults.Select(f => f.Sentence)), code)
        {
            Errors = faults.GroupBy(f => f.Field).ToDictionary(g => g.Key, g => g.Select(f => f.Sentence).ToArray()),
        });

    public static IResult Of(int status, string code, string sentence) => Write(new Problem(ReasonPhrases.GetReasonPhrase(status), status, sentence, code));

    /// <summary>What the framework answers with a bare status.</summary>
    public static IResult OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Of(status, "unknown.path", "There is nothing at this path; /openapi/v1.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed => Of(status, "method.not.allowed", "This path does not take that method; the header Allow lists those it takes."),
        StatusCodes.Status413PayloadTooLarge => Of(status, "body.too.large", $"The body is larger than {AccessGate.LargestBody >> 20} MB and was not taken."),
        StatusCodes.Status415UnsupportedMediaType => Of(status, "unsupported.media.type", "The body must be JSON; send it with 'Content-Type: application/json'."),
        StatusCodes.Status429TooManyRequests => Of(status, "too.many.requests", "This key has used up its requests (Server:RequestsPerMinute); wait as Retry-After says."),
        _ => Of(status, "bad.request", $"The request was not taken: {ReasonPhrases.GetReasonPhrase(status)}."),
    };

    static ProblemAnswer Write(Problem problem) => new(problem);

    /// <summary>A program gets problem+json, a person at a page of the console a page.</summary>
    sealed class ProblemAnswer(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) =>
            (ConsolePages.IsFor(httpContext.Request) ? ConsolePages.Of(problem, httpContext) : Results.Json(problem, ApiJson.Default.Problem, ContentType, problem.Status)).ExecuteAsync(httpContext);
    }
}

/// <param name="Code">Stable: what a program decides by.</param>
sealed record Problem(string Title, int Status, string Detail, string Code)
{
    /// <summary>Sentences by field, where several are wrong.</summary>
    public Dictionary<string, string[]>? Errors { get; init; }
}
