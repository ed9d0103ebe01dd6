using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Baton.Core;
using Baton.Genesys.Http;

namespace Baton.Genesys.Auth;

/// <summary>
/// One client's token: cached, renewed ahead of its end and once when it was refused; however many calls need one, a single request is under way.
/// The token endpoint has a limit of its own, so a refusal is remembered for a moment instead of being repeated by every waiting call.
/// </summary>
sealed class TokenCache(OAuthClientOptions client, Uri login, HttpMessageInvoker http, TimeSpan timeout, TimeProvider time)
{
    static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    static readonly TimeSpan RememberRefusal = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    Task<Token>? current;
    Token? good;
    ContactCenterException? refusal;
    DateTimeOffset refusedUntil;

    /// <exception cref="ContactCenterException">Unauthorized, RateLimited, ReplyLost or Unavailable, with a sentence that says what is likely.</exception>
    public async Task<string> GetAsync(CancellationToken ct)
    {
        Task<Token> flight;
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (refusal is not null && now < refusedUntil) return StillGood(now) ?? throw refusal;
            var usable = current is { IsCompleted: false } || (current is { IsCompletedSuccessfully: true } && current.Result.RenewAt > now);
            flight = usable ? current! : current = RequestAsync();
        }
        try { return (await flight.WaitAsync(ct)).Value; }
        catch (ContactCenterException) when (StillGood(time.GetUtcNow()) is not null)
        {
            // Renewal is ahead of the end, so that a login server in trouble has time to recover while the old token serves.
            return StillGood(time.GetUtcNow())!;
        }
    }

    string? StillGood(DateTimeOffset now)
    {
        lock (gate) return good is { } token && token.EndsAt > now ? token.Value : null;
    }

    /// <summary>The platform refused this token: the next call asks for another, unless somebody has done so already.</summary>
    public void Refused(string token)
    {
        lock (gate)
        {
            if (current is { IsCompletedSuccessfully: true } && current.Result.Value == token) current = null;
            if (good?.Value == token) good = null;
        }
    }

    // Not canceled with the call that happened to start it: others wait for it too.
    async Task<Token> RequestAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(timeout, time);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(login, "oauth/token"))
            {
                Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
            };
            var basic = Convert.ToBase64String(Encoding.Latin1.GetBytes($"{client.ClientId}:{client.ClientSecret}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
            var asked = time.GetUtcNow();
            using var response = await http.SendAsync(request, deadline.Token);
            var body = await response.Content.ReadAsByteArrayAsync(deadline.Token);
            if (!response.IsSuccessStatusCode) throw Refusal(response, body);
            var grant = Parse(body);
            // Five minutes ahead; of a short-lived token a tenth ahead.
            var life = TimeSpan.FromSeconds(grant.expires_in);
            var token = new Token(grant.access_token!, asked + (life > 2 * Ahead ? life - Ahead : life * 0.9), asked + life);
            lock (gate) (good, refusal) = (token, null);
            return token;
        }
        catch (ContactCenterException e)
        {
            lock (gate) (refusal, refusedUntil) = (e, e.NotBefore ?? time.GetUtcNow() + RememberRefusal);
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            throw new ContactCenterException(FailureKind.Unavailable, $"The login server {login.Host} could not be reached: {e.Message}", e);
        }
    }

    static TokenGrant Parse(byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, AuthJson.Default.TokenGrant) is { access_token.Length: > 0 } grant) return grant;
        }
        catch (JsonException) { }
        throw new ContactCenterException(FailureKind.MalformedReply, "The login server answered 200 without a token; check LoginBaseUrl.");
    }

    ContactCenterException Refusal(HttpResponseMessage response, byte[] body)
    {
        TokenError? error = null;
        try { error = JsonSerializer.Deserialize(body, AuthJson.Default.TokenError); } catch (JsonException) { }
        var said = error?.error_description ?? error?.description ?? error?.error ?? $"HTTP {(int)response.StatusCode}";
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => new ContactCenterException(FailureKind.RateLimited, "The login server's own rate limit is reached.")
            {
                NotBefore = RetryAfter.Read(response, time.GetUtcNow()) ?? time.GetUtcNow() + TimeSpan.FromSeconds(5),
            },
            >= HttpStatusCode.InternalServerError => new ContactCenterException(FailureKind.Unavailable, $"The login server {login.Host} is in trouble (HTTP {(int)response.StatusCode})."),
            // Known from public reports: the right client on the wrong region is answered exactly like a wrong secret.
            _ => new ContactCenterException(FailureKind.Unauthorized,
                $"The login server {login.Host} refused client {client.ClientId} ({said}): the secret is wrong, or the client belongs to another region."),
        };
    }

    sealed record Token(string Value, DateTimeOffset RenewAt, DateTimeOffset EndsAt);
}
