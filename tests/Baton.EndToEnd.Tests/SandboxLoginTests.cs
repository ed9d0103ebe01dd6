using System.Net;
using System.Security.Cryptography;
using System.Text;
using Baton.EndToEnd.Tests.Console;

namespace Baton.EndToEnd.Tests;

/// <summary>The login pages: authorization code with PKCE.</summary>
public sealed class SandboxLoginTests : SandboxFixture
{
    const string Redirect = "http://127.0.0.1:5200/signin/genesys/callback";
    const string Verifier = "a-verifier-of-the-forty-three-characters-at-least";

    static string Challenge => Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    async Task<Uri?> AuthorizeAsync(string changed = "", string to = "")
    {
        using var browser = new Browser(Sandbox.BaseAddress);
        var query = $"response_type=code&client_id=baton-sandbox-people&redirect_uri={Uri.EscapeDataString(Redirect)}&state=s1&code_challenge={Challenge}&code_challenge_method=S256&login_hint=grace.chen@sandbox.example";
        var page = await browser.OpenAsync($"{Sandbox.LoginBaseUrl}/oauth/authorize?{(changed.Length == 0 ? query : query.Replace(changed, to))}");
        if (page.Location is null) page.Status.ShouldBe(HttpStatusCode.BadRequest);
        return page.Location;
    }

    async Task<string> CodeAsync() => (await AuthorizeAsync())!.Query.Split("code=")[1].Split('&')[0];

    async Task<SandboxReply> RedeemAsync(string code, string verifier = Verifier, string redirect = Redirect, string client = "baton-sandbox-people")
    {
        using var http = new HttpClient(new SocketsHttpHandler());
        using var form = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", code), new("code_verifier", verifier), new("client_id", client), new("redirect_uri", redirect)]);
        using var response = await http.PostAsync(new Uri($"{Sandbox.LoginBaseUrl}/oauth/token"), form, Ct);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(Ct), new Dictionary<string, string>());
    }

    [Fact]
    public async Task A_code_becomes_the_token_of_a_person_who_is_told_of_with_their_roles()
    {
        var back = await AuthorizeAsync();
        back!.AbsoluteUri.ShouldStartWith(Redirect + "?code=");
        back.Query.ShouldEndWith("&state=s1");
        var granted = await RedeemAsync(await CodeAsync());
        granted.Status.ShouldBe(HttpStatusCode.OK, granted.Text);
        Client.Token = granted.Json["access_token"]!.GetValue<string>();
        var me = (await Client.GetAsync("/users/me?expand=authorization")).Json;
        me["name"]!.GetValue<string>().ShouldBe("Grace Chen");
        me["authorization"]!["roles"]!.AsArray().Select(r => r!["name"]!.GetValue<string>()).ShouldBe(["employee", "Supervisor"]);
        (await Client.GetAsync("/users/me")).Json["authorization"].ShouldBeNull();
        (await Client.GetAsync("/routing/queues")).Code.ShouldBe("missing.permissions");
    }

    [Fact]
    public async Task A_code_is_good_once_for_its_own_client_verifier_and_address_and_for_ten_minutes()
    {
        var code = await CodeAsync();
        (await RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
        await RefusedAsync(RedeemAsync(code));
        await RefusedAsync(RedeemAsync(await CodeAsync(), verifier: Verifier + "x"));
        await RefusedAsync(RedeemAsync(await CodeAsync(), verifier: ""));
        await RefusedAsync(RedeemAsync(await CodeAsync(), redirect: Redirect + "/"));
        await RefusedAsync(RedeemAsync("made-up"));
        Organization.AddSignInClient("another", Redirect);
        await RefusedAsync(RedeemAsync(await CodeAsync(), client: "another"));
        (await RedeemAsync(await CodeAsync(), client: "baton-sandbox")).Json["error"]!.GetValue<string>().ShouldBe("unauthorized_client");
        (await Client.LoginAsync("baton-sandbox-people", "")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        var old = await CodeAsync();
        Time.Advance(TimeSpan.FromMinutes(10));
        await RefusedAsync(RedeemAsync(old));

        static async Task RefusedAsync(Task<SandboxReply> redeeming)
        {
            var reply = await redeeming;
            (reply.Status, reply.Json["error"]!.GetValue<string>()).ShouldBe((HttpStatusCode.BadRequest, "invalid_grant"));
        }
    }

    [Theory]
    [InlineData("baton-sandbox-people", "nobody", null)]
    [InlineData("baton-sandbox-people", "baton-sandbox", null)]
    [InlineData("callback", "callback2", null)]
    [InlineData("response_type=code", "response_type=token", "unsupported_response_type")]
    [InlineData("S256", "plain", "invalid_request")]
    [InlineData("code_challenge=", "nothing=", "invalid_request")]
    public async Task Nobody_is_sent_to_an_address_that_is_not_the_clients_and_the_rest_is_told_there(string changed, string to, string? error)
    {
        var back = await AuthorizeAsync(changed, to);
        if (error is null) back.ShouldBeNull();
        else back!.Query.ShouldStartWith($"?error={error}&");
    }
}
