using System.Text.Encodings.Web;

namespace Baton.Sandbox.Workspace;

/// <summary>A plain page in place of the vendor's agent screen: who is alerted accepts, reads, answers, ends, wraps up; beside the conversation stands the page that a widget would open.</summary>
static class AgentWorkspace
{
    public const string Placeholder = "{{gcConversationId}}";
    const int LongestText = 2000;

    public static void MapWorkspace(this IEndpointRouteBuilder app, Organization organization, SandboxOptions options)
    {
        var agent = app.MapGroup("/agent");
        agent.MapGet("", (HttpContext http, string? user, string? conversation, string? said) => Page(http, AgentPage.Of(organization, options.Widget, options.Time, user, conversation, said)));
        agent.MapGet("/assets/{name}", Asset);
        agent.MapPost("/{deed}", (string deed, HttpRequest request, CancellationToken ct) => DoAsync(organization, deed, request, ct));
    }

    static async Task<IResult> DoAsync(Organization organization, string deed, HttpRequest request, CancellationToken ct)
    {
        if (!request.HasFormContentType) return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var form = await request.ReadFormAsync(ct);
        string user = form["user"].ToString(), conversation = form["conversation"].ToString(), text = form["text"].ToString().Trim();
        string? said = null;
        try
        {
            switch (deed)
            {
                case "accept": organization.AgentAccepts(conversation, user); break;
                case "decline": organization.AgentDeclines(conversation, user); break;
                case "answer" when text.Length is > 0 and <= LongestText: organization.AgentSays(conversation, user, text); break;
                case "answer": said = $"An answer has 1 to {LongestText} characters."; break;
                case "end": organization.AgentEnds(conversation, user); break;
                case "wrapup": organization.AgentWrapsUp(conversation, user, form["code"].ToString()); break;
                case "status": organization.SetRoutingStatus(user, form["onQueue"] == "true" ? "IDLE" : "OFF_QUEUE"); break;
                default: return Results.NotFound();
            }
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            said = e.Message;
        }
        var gone = deed is "decline" or "wrapup" || conversation.Length == 0;
        return Results.LocalRedirect($"/agent?user={Uri.EscapeDataString(user)}{(gone ? "" : $"&conversation={Uri.EscapeDataString(conversation)}")}{(said is null ? "" : $"&said={Uri.EscapeDataString(said)}")}");
    }

    static IResult Page(HttpContext http, string html)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; frame-src *; frame-ancestors 'none'; base-uri 'none'";
        http.Response.Headers.CacheControl = "no-store";
        return Results.Text(html, "text/html; charset=utf-8");
    }

    static IResult Asset(string name)
    {
        var stream = typeof(AgentWorkspace).Assembly.GetManifestResourceStream($"agent/{name}");
        return stream is null ? Results.NotFound() : Results.Stream(stream, name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8");
    }

    public static string Text(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
