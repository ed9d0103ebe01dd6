using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys;
using Baton.Server;
using Baton.Storage.Sqlite;

namespace Baton.Cli.Commands;

/// <summary>Looks at everything a handoff needs and says what to do about each thing that is not right. Read-only toward the vendor.</summary>
static class DoctorCommand
{
    public static Command Create() => Verb.WithSettings("doctor", "Check configuration, clock, network, credentials, permissions, quota, policy and store; with a fix for each.", async (_, settings, output, ct) =>
    {
        var findings = new List<Finding>();
        await ExamineAsync(settings, findings, ct);
        output.Answer(new JsonObject
        {
            ["healthy"] = findings.All(f => f.Fix is null),
            ["checks"] = new JsonArray([.. findings.Select(f => new JsonObject { ["check"] = f.What, ["ok"] = f.Fix is null, ["found"] = f.Found, ["fix"] = f.Fix })]),
        }, () =>
        {
            foreach (var f in findings)
            {
                output.Line($"{(f.Fix is null ? "ok   " : "WRONG")} {f.What,-14} {f.Found}");
                if (f.Fix is not null) output.Line($"{"",21}{f.Fix}");
            }
        });
        return findings.All(f => f.Fix is null) ? ExitCodes.Done : findings.Any(f => f is { What: "configuration", Fix: not null }) ? ExitCodes.WrongUse : ExitCodes.RefusedOrFailed;
    });

    /// <param name="Fix">Null when all is well.</param>
    sealed record Finding(string What, string Found, string? Fix = null);

    static async Task ExamineAsync(BatonSettings settings, List<Finding> findings, CancellationToken ct)
    {
        var errors = settings.Genesys.Check();
        if (errors.Count > 0)
        {
            findings.AddRange(errors.Select(e => new Finding("configuration", "cannot be used", e)));
            return;
        }
        findings.Add(new Finding("configuration", $"API {settings.Genesys.ApiUrl}, login {settings.Genesys.LoginUrl}, {settings.Genesys.Clients.Count} OAuth client(s)"));

        var policyErrors = new List<string>();
        var policy = PolicyHolder.Load(settings.Policy, settings.Genesys.Flavor, policyErrors);
        findings.Add(policy is null ? new Finding("policy", settings.Policy, string.Join(Environment.NewLine, policyErrors)) : new Finding("policy", $"{settings.Policy} ({policy.Current.Version.Hash})"));
        findings.Add(await StoreAsync(settings, ct));

        using var network = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        if (!await ReachAsync(settings, network, findings, ct)) return;
        using var logs = Verb.Logs(Microsoft.Extensions.Logging.LogLevel.Error);
        foreach (var client in settings.Genesys.Clients)
        {
            using var center = GenesysContactCenter.Create(settings.Genesys with { Clients = [client] }, network, TimeProvider.System, new Random(), logs);
            if (!await SignInAsync(center, client.ClientId, findings, ct)) continue;
            await PermissionsAsync(center, policy, findings, ct);
            var quota = center.Quota[0];
            findings.Add(quota.Allowed - quota.Used > quota.Allowed / 5
                ? new Finding("quota", $"{quota.Used} of {quota.Allowed} calls of this minute are used")
                : new Finding("quota", $"{quota.Used} of {quota.Allowed} calls of this minute are used", "Somebody else uses the same OAuth client; give Baton one of its own."));
            if (center.SuggestionQuota is [var suggestions, ..]) findings.Add(new Finding("suggestions", $"{suggestions.Allowed} questions a minute, counted by themselves"));
        }
    }

    static async Task<Finding> StoreAsync(BatonSettings settings, CancellationToken ct)
    {
        try
        {
            await using var store = await SqliteStore.OpenAsync(settings.StorePath, null, ct);
            var owner = await store.OwnerAsync(ct);
            var pause = await store.PausedAsync(ct);
            return new Finding("store", $"{settings.StorePath}, {(owner is null ? "no runner" : $"run by process {owner.Process}")}{(pause is null ? "" : $", paused by {pause.By}")}", pause is null ? null : "'baton resume' lets handoffs begin again.");
        }
        catch (StoreException e)
        {
            return new Finding("store", settings.StorePath, e.Message);
        }
    }

    static async Task<bool> ReachAsync(BatonSettings settings, HttpMessageHandler network, List<Finding> findings, CancellationToken ct)
    {
        using var http = new HttpMessageInvoker(network, disposeHandler: false);
        var reached = true;
        foreach (var url in new[] { settings.Genesys.LoginUrl, settings.Genesys.ApiUrl })
        {
            try
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
                deadline.CancelAfter(TimeSpan.FromSeconds(15));
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                using var response = await http.SendAsync(request, deadline.Token);
                findings.Add(new Finding("network", $"{url.Host} answers"));
                if (url == settings.Genesys.ApiUrl && response.Headers.Date is { } theirs) findings.Add(Clock(theirs));
                if (response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired) findings.Add(new Finding("network", "a proxy wants to be signed in to", "Set HTTPS_PROXY with user and password, or let this machine through."));
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                reached = false;
                findings.Add(new Finding("network", $"{url.Host}:{url.Port} cannot be reached", $"{e.Message.TrimEnd('.')}. Check the region, DNS, proxy and firewall (TCP {url.Port} out)."));
            }
        }
        return reached;
    }

    static Finding Clock(DateTimeOffset theirs)
    {
        var off = (TimeProvider.System.GetUtcNow() - theirs).Duration();
        return off < TimeSpan.FromSeconds(30) ? new Finding("clock", "agrees with the platform's") : new Finding("clock", $"is off by {off.TotalSeconds:0} s", "Turn time synchronization on (timedatectl set-ntp true); deadlines and windows depend on it.");
    }

    static async Task<bool> SignInAsync(GenesysContactCenter center, string clientId, List<Finding> findings, CancellationToken ct)
    {
        try
        {
            var organization = await center.OrganizationAsync(ct);
            findings.Add(new Finding("credentials", $"client {clientId} signs in{(organization is null ? "" : $" to {organization}")}"));
            return true;
        }
        catch (ContactCenterException e)
        {
            findings.Add(new Finding("credentials", e.Message, Failures.WhatToDo(e.Kind).Replace("with 'baton doctor'", "against the OAuth client's page", StringComparison.Ordinal)));
            return false;
        }
    }

    static async Task PermissionsAsync(GenesysContactCenter center, PolicyHolder? policy, List<Finding> findings, CancellationToken ct)
    {
        try
        {
            foreach (var check in await center.CheckPermissionsAsync(ct))
            {
                findings.Add(check.IsGranted ? new Finding("permission", $"may {check.For}")
                    : check.IsOptional ? new Finding("permission", $"may not {check.For}; Baton scores it itself")
                    : new Finding("permission", $"may not {check.For}", $"Give {check.Permission} to a role of the OAuth client, in the division of the queues."));
            }
        }
        catch (ContactCenterException e)
        {
            findings.Add(new Finding("permission", e.Message, Failures.WhatToDo(e.Kind)));
        }
        foreach (var queue in policy?.Current.Queues ?? [])
        {
            try
            {
                var check = await center.CheckQueueAsync(queue, CallFor.Nobody, ct);
                findings.Add(!check.Exists ? new Finding("queue", $"'{queue}' of the policy does not exist", "Correct the name in the policy; 'baton queue list' shows what there is.")
                    : new Finding("queue", $"'{queue}': {check.Members} members, {(check.OnQueue is null ? "staff not visible" : $"{check.OnQueue} on queue")}"));
            }
            catch (ContactCenterException e)
            {
                findings.Add(new Finding("queue", $"'{queue}': {e.Message}", Failures.WhatToDo(e.Kind)));
            }
        }
    }
}
