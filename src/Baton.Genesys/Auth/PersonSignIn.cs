using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Baton.Core;
using Baton.Genesys.Http;

namespace Baton.Genesys.Auth;

/// <summary>Finds out who a person is on the platform: authorization code with PKCE, by a client that has no secret. The person's token is used for that one question and kept nowhere.</summary>
public sealed class PersonSignIn(GenesysOptions options, string clientId, HttpMessageHandler network, TimeProvider time) : IDisposable
{
    readonly HttpMessageInvoker http = new(network, disposeHandler: false);

    /// <summary>Random, and of an alphabet that needs no escaping.</summary>
    public static string NewSecret() => Base64Url(RandomNumberGenerator.GetBytes(32));

    /// <summary>Where the browser is sent.</summary>
    /// <param name="verifier">Kept for <see cref="IdentifyAsync"/>: whoever has the code alone can do nothing with it.</param>
    public Uri AddressFor(string redirectUri, string state, string verifier)
    {
        (string Name, string Value)[] query =
        [
            ("response_type", "code"), ("client_id", clientId), ("redirect_uri", redirectUri), ("state", state),
            ("code_challenge", Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))), ("code_challenge_method", "S256"),
        ];
        return new Uri(options.LoginUrl, "oauth/authorize?" + string.Join('&', query.Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}")));
    }

    /// <exception cref="ContactCenterException">Unauthorized: the code is wrong, used or expired. Otherwise the platform could not be asked, or did not say.</exception>
    public async Task<PlatformPerson> IdentifyAsync(string code, string verifier, string redirectUri, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            var token = await ExchangeAsync(code, verifier, redirectUri, both.Token);
            return await ReadAsync(token, both.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new ContactCenterException(FailureKind.Unavailable, $"Genesys Cloud ({options.LoginUrl.Host}) could not be reached: {e.Message}", e);
        }
    }

    async Task<string> ExchangeAsync(string code, string verifier, string redirectUri, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.LoginUrl, "oauth/token"))
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "authorization_code"), new("code", code), new("code_verifier", verifier), new("client_id", clientId), new("redirect_uri", redirectUri),
            ]),
        };
        using var response = await http.SendAsync(request, ct);
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        if (response.IsSuccessStatusCode) return Parse(body) is { access_token: { Length: > 0 } token } ? token : throw new ContactCenterException(FailureKind.MalformedReply, "Genesys Cloud answered the sign-in without a token.");
        TokenError? error = null;
        try { error = JsonSerializer.Deserialize(body, AuthJson.Default.TokenError); } catch (JsonException) { }
        var said = error?.error_description ?? error?.description ?? error?.error ?? $"HTTP {(int)response.StatusCode}";
        throw response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? new ContactCenterException(FailureKind.Unavailable, $"Genesys Cloud ({options.LoginUrl.Host}) is in trouble ({said}).")
            : new ContactCenterException(FailureKind.Unauthorized, $"Genesys Cloud did not take the sign-in ({said}).");
    }

    async Task<PlatformPerson> ReadAsync(string token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.ApiUrl, "api/v2/users/me?expand=authorization"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, ct);
        if (!response.IsSuccessStatusCode) throw await GenesysFault.ReadAsync(response, "Reading who signed in", TimeSpan.FromMinutes(1), time, ct);
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(ct));
            var me = document.RootElement;
            if (me.Member("id").Text() is not { } id) throw new ContactCenterException(FailureKind.MalformedReply, "Genesys Cloud did not say who signed in.");
            var roles = me.Member("authorization").Member("roles").Items().Select(r => r.Member("name").Text()).OfType<string>();
            return new PlatformPerson(id, me.Member("name").Text() ?? me.Member("email").Text() ?? id, [.. roles]);
        }
        catch (JsonException e)
        {
            throw new ContactCenterException(FailureKind.MalformedReply, "Genesys Cloud did not say who signed in.", e);
        }
    }

    static TokenGrant? Parse(byte[] body)
    {
        try { return JsonSerializer.Deserialize(body, AuthJson.Default.TokenGrant); }
        catch (JsonException) { return null; }
    }

    static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public void Dispose() => http.Dispose();
}

/// <param name="Roles">The names of the person's roles in the organization.</param>
public sealed record PlatformPerson(string Id, string Name, IReadOnlyList<string> Roles);
