using static Baton.Sandbox.Workspace.AgentWorkspace;

namespace Baton.Sandbox.Workspace;

/// <summary>The agent's screen as HTML. Whatever a person wrote is text in it.</summary>
static class AgentPage
{
    public static string Of(Organization organization, string? widget, TimeProvider time, string? user, string? conversation, string? said)
    {
        var agent = organization.Agents.FirstOrDefault(a => a.Id == user);
        return agent is null ? Frame("Agent workspace", Choice(organization)) : Frame($"{agent.Name} · Agent workspace", Desk(organization, widget, time.GetUtcNow(), agent, conversation, said), isLive: true);
    }

    static string Choice(Organization organization) => $"""
        <main class="choice"><h1>Agent workspace</h1>
        <p>Whose screen is it?</p>
        <ul>{string.Concat(organization.Agents.Select(a => $"""<li><a href="/agent?user={a.Id}" data-agent="{Text(a.Name)}">{Text(a.Name)}</a> <small>{Words(a.RoutingStatus)}</small></li>"""))}</ul></main>
        """;

    static string Desk(Organization organization, string? widget, DateTimeOffset now, AgentView agent, string? conversation, string? said)
    {
        var interactions = organization.Interactions(agent.Id);
        var open = interactions.FirstOrDefault(i => i.ConversationId == conversation);
        return $"""
            <header><b>Agent workspace</b> <span id="status">{Text(agent.Name)}: {Words(agent.RoutingStatus)}</span>
            {Form("status", agent, null, agent.RoutingStatus == "OFF_QUEUE" ? """<input type="hidden" name="onQueue" value="true"><button>Go on queue</button>""" : """<button>Go off queue</button>""")}
            <a href="/agent">Another agent</a></header>
            {(string.IsNullOrEmpty(said) ? "" : $"""<p class="said" role="alert">{Text(said)}</p>""")}
            <div class="screen">
            <nav id="interactions" aria-label="Interactions" data-refreshes>{Interactions(interactions, agent, conversation, now)}</nav>
            {(open is null ? """<main><p class="empty">Choose an interaction. What alerts you stands on the left.</p></main>""" : Conversation(organization, agent, open))}
            {Widget(widget, open)}
            </div>
            """;
    }

    static string Interactions(IReadOnlyList<InteractionView> interactions, AgentView agent, string? conversation, DateTimeOffset now) => interactions.Count == 0
        ? """<p class="empty">Nothing alerts you.</p>"""
        : $"<ul>{string.Concat(interactions.Select(i => $"""
            <li class="{i.State.ToString().ToLowerInvariant()}" data-interaction="{i.ConversationId}" data-state="{i.State}"><a href="/agent?user={agent.Id}&amp;conversation={i.ConversationId}"{(i.ConversationId == conversation ? " aria-current=\"true\"" : "")}>{Text(i.Customer)}</a>
            <small>{Text(i.Queue)} · {i.State switch { InteractionState.Alerting => "alerting", InteractionState.Connected => "connected", _ => "wrap up" }} · {Lasting(now - i.Since)}</small>
            {(i.State == InteractionState.Alerting ? Form("accept", agent, i, "<button class=\"primary\">Accept</button>") + Form("decline", agent, i, "<button>Decline</button>") : "")}</li>
            """))}</ul>";

    static string Conversation(Organization organization, AgentView agent, InteractionView open)
    {
        var answering = open.State switch
        {
            InteractionState.Connected => Form("answer", agent, open, """<textarea name="text" rows="3" maxlength="2000" required aria-label="Answer"></textarea><button class="primary">Send</button>""") + Form("end", agent, open, "<button>End</button>"),
            InteractionState.Alerting => Form("accept", agent, open, "<button class=\"primary\">Accept</button>"),
            _ => Form("wrapup", agent, open, $"""<label>Wrap-up <select name="code">{string.Concat(organization.WrapupCodes.Select(c => $"<option>{Text(c)}</option>"))}</select></label><button class="primary">Done</button>"""),
        };
        return $"""
            <main><h1>{Text(open.Customer)}</h1>
            <div class="messages"><ol id="messages" data-refreshes>{string.Concat(organization.Conversation(open.ConversationId).Messages.Select(m => $"""<li class="{m.From}"><small>{m.From} {m.Time:HH:mm:ss}</small>{Text(m.Text)}</li>"""))}</ol></div>
            <div id="answering" data-state="{open.State}">{answering}</div></main>
            """;
    }

    static string Widget(string? widget, InteractionView? open) => widget is null || open is null ? ""
        : $"""<aside><iframe title="Widget" src="{Text(widget.Replace(Placeholder, Uri.EscapeDataString(open.ConversationId), StringComparison.Ordinal))}" allow="clipboard-write"></iframe></aside>""";

    static string Form(string deed, AgentView agent, InteractionView? about, string inside) => $"""
        <form method="post" action="/agent/{deed}"><input type="hidden" name="user" value="{agent.Id}">{(about is null ? "" : $"""<input type="hidden" name="conversation" value="{about.ConversationId}">""")}{inside}</form>
        """;

    static string Frame(string title, string body, bool isLive = false) => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Text(title)}</title><link rel="stylesheet" href="/agent/assets/agent.css">
        {(isLive ? """<script src="/agent/assets/agent.js" defer></script><noscript><meta http-equiv="refresh" content="5"></noscript>""" : "")}</head><body>
        {body}
        </body></html>
        """;

    static string Words(string status) => status switch
    {
        "OFF_QUEUE" => "off queue",
        "IDLE" => "on queue, free",
        "INTERACTING" or "COMMUNICATING" => "on queue, busy",
        "NOT_RESPONDING" => "did not answer",
        _ => Text(status.ToLowerInvariant()),
    };

    static string Lasting(TimeSpan since) => since < TimeSpan.FromMinutes(1) ? $"{Math.Max(0, Math.Floor(since.TotalSeconds)):0} s" : $"{Math.Floor(since.TotalMinutes):0} min {since.Seconds:00} s";
}
