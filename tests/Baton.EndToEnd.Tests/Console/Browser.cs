using System.Net;
using System.Text.RegularExpressions;

namespace Baton.EndToEnd.Tests.Console;

/// <summary>A browser as a server sees it: cookies, pages, forms, and the headers that no page can set. It goes where it is sent only when told to.</summary>
sealed partial class Browser(Uri home) : IDisposable
{
    const int MostHops = 10;

    readonly SocketsHttpHandler wire = new() { AllowAutoRedirect = false, UseCookies = true };
    HttpClient? client;

    HttpClient Client => client ??= new HttpClient(wire, disposeHandler: false) { BaseAddress = home, Timeout = Timeout.InfiniteTimeSpan };

    public CookieContainer Cookies => wire.CookieContainer;

    public string? Session => Cookies.GetCookies(home)["baton_session"]?.Value;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Opens a page, wherever it is.</summary>
    public Task<Page> OpenAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(home, address)));

    /// <summary>The same, going along until there is a page.</summary>
    public Task<Page> FollowAsync(string address) => FollowAsync(OpenAsync(address));

    public async Task<Page> FollowAsync(Task<Page> opening)
    {
        var page = await opening;
        for (var hops = 0; page.Location is { } next; hops++)
        {
            hops.ShouldBeLessThan(MostHops);
            page = await SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(page.Address, next)));
        }
        return page;
    }

    /// <summary>Fills in the form of a page and sends it, as the page itself would.</summary>
    /// <param name="from">Whose page it is; null: the page's own.</param>
    public async Task<Page> SubmitAsync(Page page, IReadOnlyDictionary<string, string> fields, string? from = null)
    {
        var action = FormAction().Match(page.Text) is { Success: true } form ? new Uri(page.Address, form.Groups["action"].Value) : page.Address;
        var all = HiddenField().Matches(page.Text).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        foreach (var (name, value) in fields) all[name] = value;
        var request = new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(all) };
        request.Headers.Add("Origin", from ?? page.Address.GetLeftPart(UriPartial.Authority));
        return await SendAsync(request);
    }

    public async Task<Page> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (request.Headers.Accept.Count == 0) request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
            using var response = await Client.SendAsync(request, Ct);
            return new Page(request.RequestUri!.IsAbsoluteUri ? request.RequestUri : new Uri(home, request.RequestUri), response.StatusCode, await response.Content.ReadAsStringAsync(Ct), response.Headers.Location,
                response.Headers.ToDictionary(h => h.Key, h => string.Join('\n', h.Value), StringComparer.OrdinalIgnoreCase));
        }
    }

    public void Dispose()
    {
        client?.Dispose();
        wire.Dispose();
    }

    [GeneratedRegex("""<form [^>]*action="(?<action>[^"]+)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FormAction();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HiddenField();
}

/// <param name="Location">Where the browser is sent on to.</param>
sealed record Page(Uri Address, HttpStatusCode Status, string Text, Uri? Location, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>What it says, as a person reads it.</summary>
    public string Words => WebUtility.HtmlDecode(Text);

    public Page ShouldSay(HttpStatusCode status, string words)
    {
        Status.ShouldBe(status, Text);
        Words.ShouldContain(words);
        Text.ShouldContain("<form", customMessage: "there is always a way on");
        return this;
    }
}
