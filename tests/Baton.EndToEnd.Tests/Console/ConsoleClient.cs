using System.Net;
using Baton.EndToEnd.Tests.Api;

namespace Baton.EndToEnd.Tests.Console;

/// <summary>Asks for pages as a browser does: plain, or by htmx.</summary>
static class ConsoleClient
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Reply> PageAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        return await ApiWorld.SendAsync(client, request);
    }

    /// <param name="isFragment">htmx asks, for a part of the page.</param>
    public static async Task<Reply> FormAsync(HttpClient client, string path, bool isFragment, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        request.Headers.Accept.ParseAdd("text/html");
        if (isFragment) request.Headers.Add("HX-Request", "true");
        var reply = await ApiWorld.SendAsync(client, request);
        return reply is { Status: HttpStatusCode.Redirect, Headers.Location: { } page } ? await PageAsync(client, page.OriginalString) : reply;
    }

    public static Reply ShouldShow(this Reply reply, HttpStatusCode status, params ReadOnlySpan<string> words)
    {
        reply.Status.ShouldBe(status, reply.Text);
        reply.Type.ShouldBe("text/html");
        foreach (var word in words) reply.Text.ShouldContain(word);
        return reply;
    }

    /// <summary>What a person reads of it, entities resolved.</summary>
    public static string Read(this Reply reply) => WebUtility.HtmlDecode(reply.Text);
}
