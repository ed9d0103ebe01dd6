using Baton.Core.Access;
using Baton.Server.Api;
using Baton.Server.Console.Audit;
using Baton.Server.Console.Deliveries;
using Baton.Server.Console.Desk;
using Baton.Server.Console.Handoffs;
using Baton.Server.Console.Insights;
using Baton.Server.Console.Live;
using Baton.Server.Console.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Console;

/// <summary>The console: pages under plain addresses, which read the same classes as the API.</summary>
static class ConsolePages
{
    /// <summary>Seconds between two changes a page may ask for.</summary>
    const int LongestBetween = 300;

    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        app.MapGroup("").ForAnyone().ExcludeFromDescription().MapAssets();
        var pages = app.MapGroup("").ExcludeFromDescription().AddEndpointFilter((context, next) =>
        {
            SecurityHeaders.Set(context.HttpContext);
            return next(context);
        });
        pages.MapGet("/console/changes", Changes).For(Role.Agent);
        pages.MapLive();
        pages.MapHandoffPages();
        pages.MapDeliveryPages();
        pages.MapAuditPages();
        pages.MapDesk();
        pages.MapPolicyPages();
        pages.MapInsightPages();
    }

    public static IResult Render<TPage>(params ReadOnlySpan<(string Name, object? Value)> parameters) where TPage : IComponent => Render<TPage>(StatusCodes.Status200OK, parameters);

    public static IResult Render<TPage>(int status, params ReadOnlySpan<(string Name, object? Value)> parameters) where TPage : IComponent
    {
        var values = new Dictionary<string, object?>();
        foreach (var (name, value) in parameters) values[name] = value;
        return new RenderedPage<TPage>(status, values);
    }

    /// <summary>Whether a person waits for the answer, in a browser, at an address that is not the API's.</summary>
    public static bool IsFor(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) && !request.Path.StartsWithSegments("/v1") && !request.Path.StartsWithSegments("/openapi");

    /// <summary>What went wrong, as a page. It reads nothing: the store may be what is wrong.</summary>
    public static IResult Of(Problem problem, HttpContext context)
    {
        SecurityHeaders.Set(context);
        var title = problem.Status switch
        {
            StatusCodes.Status404NotFound => "There is nothing here",
            StatusCodes.Status403Forbidden => "This is not for you",
            StatusCodes.Status503ServiceUnavailable => "Not possible at the moment",
            >= 500 => "Something broke",
            _ => problem.Title,
        };
        var sentence = problem.Code == "unknown.path" ? "No page has this address." : problem.Detail;
        return Message(problem.Status, PageView.Bare(context), title, sentence);
    }

    public static IResult NotFound(PageView view, string title, string sentence) => Message(StatusCodes.Status404NotFound, view, title, sentence);

    public static IResult Message(int status, PageView view, string title, string sentence) =>
        Render<MessagePage>(status, (nameof(MessagePage.View), view), (nameof(MessagePage.Title), title), (nameof(MessagePage.Sentence), sentence));

    static IResult Changes(string? conversationId, long? seen, int? every, HttpContext context, Caller caller, AuditFeed feed, SessionDoor door, BatonSystem system)
    {
        if (long.TryParse(context.Request.Headers["Last-Event-ID"], out var last)) seen = last;
        if (feed.Enter() is { } listener) return new ChangeStream(listener, system, door, caller, seen, every is > 0 and <= LongestBetween ? TimeSpan.FromSeconds(every.Value) : null, e => conversationId is null || e.Chain == conversationId);
        context.Response.Headers.RetryAfter = "5";
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, "streams.exhausted", $"{AuditFeed.MostListeners} streams are open, or the server is stopping; come back in a moment.");
    }
}
